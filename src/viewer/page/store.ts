// What the page knows: the documents and their history, what is selected, where everything goes.
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { Layout } from '../../draw/layout.ts'
import { boxOf, type Outline, outline, readableDepth } from '../../draw/outline.ts'
import type { GraphDocument } from '../../graph/document.ts'
import type { LayerDefinition } from '../../spec/layer.ts'
import { layers } from '../../../layers/index.ts'
import type { Given } from '../model/given.ts'
import { amend, begin, change, type History, redo, undo } from '../model/history.ts'
import { definitionOf, type KnownLayer } from '../model/known.ts'
import { type Project, projectOf } from '../model/project.ts'
import type { Pages } from './about.tsx'
import { createStarts, createWork, type Starts, type Work } from './work.ts'

/** A model that is looked at: its document, and where it comes from. */
export interface Opened extends Pick<Given, 'document' | 'source' | 'layers'> {
  /** The document as it was opened, to compare with. */
  readonly start: GraphDocument
}

/** Something that went wrong and stays on the screen until it was read. */
export interface Problem {
  readonly title: string
  readonly reasons: readonly string[]
}

export interface Store {
  readonly given: Given | null
  /** What is known of layers that are not standard ones: from the model's link, then from the page. */
  readonly known: ReadonlySignal<readonly KnownLayer[]>
  /** The layers that can be shown: those, then the standard ones. */
  readonly definitions: ReadonlySignal<readonly LayerDefinition[]>
  readonly history: ReadonlySignal<History<Opened>>
  readonly project: ReadonlySignal<Project>
  /** The id of a node or of a scope; `null` for the whole graph. */
  readonly selected: ReadonlySignal<string | null>
  /** The selected one's box in the drawing. */
  readonly selectedBox: ReadonlySignal<string | null>
  /** Counts the times that the selection should come into view. */
  readonly reveal: ReadonlySignal<number>
  /** `null` until the first one is there. */
  readonly layout: ReadonlySignal<Layout | null>
  /** Counts the models that were opened: each is shown whole first. */
  readonly opened: ReadonlySignal<number>
  /** The id of the view that is shown. */
  readonly view: Signal<string>
  /** Of explanations; at first that of the browser, where there are words in it. */
  readonly language: Signal<Language>
  /** What the page has to say for a moment; read out too. */
  readonly notice: Signal<string>
  readonly problem: Signal<Problem | null>
  /** `null` until they have come. */
  readonly pages: Signal<Pages | null>
  readonly work: Work
  readonly starts: Starts
  open(model: Omit<Opened, 'start'>): void
  /** With a tag, changes that follow each other under the same one become one step of the history. */
  edit(document: GraphDocument, tag?: string): void
  /** The next change is a step of its own. */
  endEdit(): void
  undo(): void
  redo(): void
  /** With `reveal`, the drawing moves so that it can be seen. */
  select(id: string | null, options?: { readonly reveal?: boolean }): void
  /** Shows what is in a scope, or folds it. */
  fold(scope: string, folded: boolean): void
}

const EMPTY: ReadonlySet<string> = new Set()

interface Folds {
  readonly open: ReadonlySet<string>
  readonly closed: ReadonlySet<string>
}

function withFold({ open, closed }: Folds, scope: string, folded: boolean): Folds {
  const without = (set: ReadonlySet<string>): Set<string> => new Set([...set].filter((one) => one !== scope))
  return folded ? { open: without(open), closed: without(closed).add(scope) } : { open: without(open).add(scope), closed: without(closed) }
}

/** The id of the view that is shown first. */
export const firstView = (given: Given | null): string => (given?.training === undefined ? 'graph' : 'training')

/** The words of explanations. */
export type Language = 'en' | 'zh'

/** The state of a page that opens with this model, in this view. */
export function createStore(given: Given | null, first: Omit<Opened, 'start'>, firstSeen = firstView(given)): Store {
  const work = createWork()
  const history = signal<History<Opened>>(begin({ ...first, start: first.document }))
  // Changes of a document keep its layers, which need not be made anew for each.
  const linked = computed(() => history.value.present.layers)
  const known = computed(() => [...linked.value ?? [], ...given?.layers ?? []])
  const definitions = computed(() => [...known.value.map(definitionOf), ...layers])
  let editing: string | null = null
  const project = computed(() => projectOf(history.value.present.document, definitions.value))
  const selected = signal<string | null>(null)
  const folds = signal<Folds>({ open: EMPTY, closed: EMPTY })
  const folding = computed(() => ({ ...folds.value, depth: readableDepth([...project.value.nodes.keys()]) }))
  const drawn = computed((): Outline => {
    const { survey, analysis, findings } = project.value
    return outline(survey.graph, analysis, { ...folding.value, beside: survey, findings })
  })
  const layout = signal<Layout | null>(null)
  const reveal = signal(0)
  const opened = signal(0)
  const view = signal(firstSeen)
  const language = signal<Language>(navigator.language.startsWith('zh') ? 'zh' : 'en')
  const notice = signal('')
  const problem = signal<Problem | null>(null)
  const pages = signal<Pages | null>(null)
  let asked: Outline | null = null
  effect(() => {
    // What nobody sees can wait: the other views want the processor for themselves.
    if (view.value !== 'graph' || drawn.value === asked) return
    asked = drawn.value
    work.ask('layout', asked).then((answered) => {
      if (answered !== null && 'answer' in answered) layout.value = answered.answer
    }, (error: unknown) => { notice.value = `The drawing failed: ${String(error)}` })
  })
  const keepSelection = (): void => {
    const id = selected.value
    if (id !== null && ![...project.value.nodes.keys()].some((node) => node === id || node.startsWith(`${id}/`))) selected.value = null
  }
  const step = (next: History<Opened>): void => batch(() => {
    const other = next.present.start !== history.value.present.start
    editing = null
    history.value = next
    if (other) {
      folds.value = { open: EMPTY, closed: EMPTY }
      layout.value = null
      opened.value++
    }
    keepSelection()
  })
  return {
    given, known, definitions, language, work, starts: createStarts(), history, project, selected, reveal, layout, opened, view, notice, problem, pages,
    selectedBox: computed(() => {
      const id = selected.value
      if (id === null) return null
      // A scope that is shown has no box of its own.
      return boxOf(id, folding.value)
    }),
    open: (model) => batch(() => {
      step(change(history.value, { ...model, start: model.document }))
      selected.value = null
      view.value = 'graph'
    }),
    edit: (document, tag) => {
      const next = { ...history.value.present, document }
      const isSame = tag !== undefined && tag === editing
      step(isSame ? amend(history.value, next) : change(history.value, next))
      editing = tag ?? null
    },
    endEdit: () => { editing = null },
    undo: () => step(undo(history.value)),
    redo: () => step(redo(history.value)),
    select: (id, options = {}) => batch(() => {
      selected.value = id
      if (options.reveal === true) reveal.value++
    }),
    fold: (scope, folded) => { folds.value = withFold(folds.value, scope, folded) },
  }
}
