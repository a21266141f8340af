// Keys that mean the same wherever the focus is.
import type { Store } from './store.ts'

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('input, select, textarea') !== null

/** Listens until the function that it gives is called. */
export function followKeys(store: Store): () => void {
  const ending = new AbortController()
  addEventListener('keydown', (event) => {
    const command = event.ctrlKey || event.metaKey
    const key = event.key.toLowerCase()
    if (command && (key === 'z' || key === 'y') && !isTyping(event.target)) (key === 'y' || event.shiftKey ? store.redo : store.undo)()
    else if (key === '/' && !command && !isTyping(event.target)) document.querySelector<HTMLElement>('#search')?.focus()
    else if (key === 'escape' && !event.defaultPrevented && !isTyping(event.target)) store.select(null)
    else return
    event.preventDefault()
  }, { signal: ending.signal })
  return () => ending.abort()
}
