// The address follows what is looked at, and the page follows the address.
import { batch, effect } from '@preact/signals'
import { isLayergraphError } from '../../spec/issue.ts'
import type { Given } from '../model/given.ts'
import { type Linked, readLink, writeLink } from '../model/permalink.ts'
import { firstView, type Opened, type Store } from './store.ts'
import { views } from './views.ts'

/** A built-in model by its name; `null` for none. */
export type BuiltIn = (name: string) => Omit<Opened, 'start'> | null

/** How long the address waits for the next change, in milliseconds. */
const PAUSE = 250

const without = ({ href }: URL | Location): string => href.replace(/#.*$/, '')

/** Is there such a view on a page that is given this? */
const isThere = (view: string, given: Given | null): boolean => view === 'graph' || views.some(({ id, has }) => id === view && has(given))

/** The view that the address asks for, of a page that is given this; `undefined` for none. */
export function askedView(given: Given | null): string | undefined {
  const view = new URLSearchParams(location.hash.slice(1)).get('v')
  return view !== null && isThere(view, given) ? view : undefined
}

/** What a link to the present state holds. A built-in model that was not changed goes by its name. */
function linked(store: Store, complete: boolean, builtIn: BuiltIn | null): Linked {
  const { document, source, start } = store.history.value.present
  const node = store.selected.value
  const shown = store.view.value
  // Others have the playground, but not the report of a training on this machine.
  const isFirst = shown === firstView(complete ? null : store.given)
  const view = isFirst || (complete && !isThere(shown, null)) ? null : shown
  const kinds = new Set(document.nodes.map(({ kind }) => kind))
  const layers = store.known.value.filter(({ kind }) => kinds.has(kind))
  const isChanged = document !== start
  if (!isChanged && builtIn?.(source) != null && start !== store.given?.document) return { document: null, model: source, node, view, layers: [] }
  const isGiven = !isChanged && start === store.given?.document
  return { document: isGiven && !complete ? null : document, model: null, node, view, layers }
}

async function goTo(store: Store, hash: string, builtIn: BuiltIn): Promise<void> {
  try {
    const { document, model, node, view, layers } = await readLink(hash)
    const opened = document !== null ? { document, source: document.name, layers } : model === null ? null : builtIn(model)
    if (model !== null && opened === null) throw new Error(`there is no built-in model "${model}"`)
    batch(() => {
      if (opened !== null) store.open(opened)
      if (node !== null) store.select(node, { reveal: true })
      if (view !== null && isThere(view, store.given)) store.view.value = view
    })
  } catch (error) {
    const reasons = isLayergraphError(error) ? error.issues.map(({ at, message }) => `${at}: ${message}`) : [(error as Error).message]
    store.problem.value = { title: 'The link cannot be followed', reasons }
  }
}

/** Opens what the address says, then keeps both alike. */
export async function followLinks(store: Store, builtIn: BuiltIn): Promise<void> {
  let written = location.hash
  if (written !== '') await goTo(store, written, builtIn)
  addEventListener('hashchange', () => {
    if (location.hash !== written) {
      written = location.hash
      void goTo(store, written, builtIn)
    }
  })
  let waiting: ReturnType<typeof setTimeout> | undefined
  effect(() => {
    const state = linked(store, false, builtIn)
    clearTimeout(waiting)
    waiting = setTimeout(() => {
      void writeLink(state).then((text) => {
        const hash = text === '' ? '' : `#${text}`
        if (hash === location.hash) return
        history.replaceState(null, '', `${without(location)}${hash}`)
        written = location.hash
      })
    }, PAUSE)
  })
}

/** A link for others: it holds the whole document, wherever it is opened. */
export async function copyLink(store: Store): Promise<void> {
  const link = `${without(location)}#${await writeLink(linked(store, true, null))}`
  try {
    await navigator.clipboard.writeText(link)
    store.notice.value = 'The link is copied.'
  } catch {
    // Without the right to the clipboard the link goes where it can be copied by hand.
    location.hash = link.slice(link.indexOf('#') + 1)
    store.notice.value = 'The link is in the address bar.'
  }
}
