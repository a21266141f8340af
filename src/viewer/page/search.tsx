// Search among the nodes: type, choose with the arrow keys, enter.
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { search } from '../model/search.ts'
import { Icon } from './icon.tsx'
import type { Store } from './store.ts'

const MOST = 30

export function Search({ store }: { readonly store: Store }) {
  const text = useSignal('')
  const active = useSignal(0)
  const open = useSignal(false)
  const field = useRef<HTMLInputElement>(null)
  const found = open.value && text.value.trim() !== '' ? search([...store.project.value.nodes.values()], text.value).slice(0, MOST) : []
  const choose = (id: string): void => {
    store.view.value = 'graph'
    store.select(id, { reveal: true })
    open.value = false
    text.value = ''
    field.current?.blur()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && found.length > 0) {
      active.value = (active.value + step + found.length) % found.length
      event.preventDefault()
    } else if (event.key === 'Enter') {
      const chosen = found[active.value]
      if (chosen !== undefined) choose(chosen.id)
    } else if (event.key === 'Escape') {
      open.value = false
      text.value = ''
    }
  }
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={field} id="search" placeholder="Find a layer" aria-label="Find a layer" autocomplete="off" value={text.value}
        role="combobox" aria-expanded={found.length > 0} aria-controls="found" aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `found-${active.value}` : undefined}
        onInput={(event) => { text.value = event.currentTarget.value; active.value = 0; open.value = true }}
        onKeyDown={onKeyDown} onBlur={() => { open.value = false }} onFocus={() => { open.value = true }}
      />
      <kbd aria-hidden="true">/</kbd>
      <ul id="found" role="listbox" aria-label="Layers found" hidden={found.length === 0}>
        {found.map(({ id, kind }, index) => (
          <li key={id} id={`found-${index}`} role="option" aria-selected={index === active.value} onPointerDown={(event) => { event.preventDefault(); choose(id) }}>
            <span>{id}</span> <span class="soft">{kind}</span>
          </li>
        ))}
      </ul>
      <span class="unseen" role="status">{text.value.trim() !== '' && found.length === 0 && open.value ? 'No layer found' : ''}</span>
    </div>
  )
}
