// What the page can show instead of the graph. Each is a chunk of its own that is loaded when it is first shown.
import type { ComponentType } from 'preact'
import type { Given } from '../model/given.ts'
import type { Store } from './store.ts'

export interface ViewProps {
  readonly store: Store
}

export interface View {
  readonly id: string
  readonly title: string
  /** Is there anything to show in it? */
  readonly has: (given: Given | null) => boolean
  /** The file of a worker that it needs; started at once where the view is the first to be seen. */
  readonly worker?: string
  readonly load: () => Promise<{ readonly default: ComponentType<ViewProps> }>
}

/** The file of the playground's worker. */
export const PLAYGROUND = 'playground.js'

/** The views beside the graph, in the order of their tabs. */
export const views: readonly View[] = [
  { id: 'training', title: 'Training', has: (given) => given?.training !== undefined, load: () => import('./training.tsx') },
  { id: 'runs', title: 'Runs', has: (given) => given?.runs !== undefined, load: () => import('./runs.tsx') },
  { id: 'playground', title: 'Playground', has: () => true, worker: PLAYGROUND, load: () => import('./playground/playground.tsx') },
  { id: 'report', title: 'Training report', has: (given) => given?.report !== undefined, load: () => import('./report.tsx') },
]
