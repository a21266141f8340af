// What there is to say of a node, and of a scope.
import { explain } from '../../analysis/explain.ts'
import { FILL } from '../../draw/graphDrawing.ts'
import type { BoxKind } from '../../draw/outline.ts'
import type { UnfitNode } from '../../graph/document.ts'
import { type GraphNode, showRef } from '../../graph/graph.ts'
import { showBytes, showCount, showField, showPartial } from '../../report/numbers.ts'
import { showDims } from '../../spec/tensor.ts'
import { isFit } from '../model/project.ts'
import { About } from './about.tsx'
import { Derivation } from './derivation.tsx'
import { Field } from './field.tsx'
import { Settings } from './form.tsx'
import { GriddingMap } from './griddingMap.tsx'
import { IconButton } from './icon.tsx'
import { Facts, Findings, Fold, LazyFold, NodeLink } from './parts.tsx'
import type { Store } from './store.ts'

interface PanelHeadProps {
  readonly store: Store
  readonly title: string
  readonly kind: string
  readonly category: BoxKind
}

const PanelHead = ({ store, title, kind, category }: PanelHeadProps) => (
  <header class="head">
    <div class="titled"><h2>{title}</h2><IconButton name="close" label="Back to the whole graph" onClick={() => store.select(null)} /></div>
    <p><span class="chip"><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2.5" class={FILL[category]} /><rect x=".5" y=".5" width="9" height="9" rx="2" class="faint-line" /></svg>{kind}</span></p>
  </header>
)

function factsOf(store: Store, { id }: GraphNode): readonly (readonly [string, string])[] {
  const row = store.project.value.analysis.nodes.find((one) => one.id === id)
  if (row === undefined) return []
  const [size, stride, padding] = showField(row.field)
  return [
    ['output', (row.outputShapes ?? [row.outputShape]).map(showDims).join(', ')],
    ['parameters', row.weights === undefined ? showCount(row.params) : `those of ${row.weights}`],
    ['MACs', showCount(row.macs)], ['memory', showBytes(row.memory)],
    ['receptive field', size], ['stride, padding', `${stride}, ${padding}`],
  ]
}

const meaningsOf = (store: Store, kind: string): Readonly<Record<string, string>> =>
  Object.fromEntries((store.pages.value?.[kind]?.settings ?? []).map(({ key, meaning }) => [key, meaning]))

interface NodePanelProps {
  readonly store: Store
  readonly node: GraphNode | UnfitNode
}

export function NodePanel({ store, node }: NodePanelProps) {
  const { survey, findings } = store.project.value
  const own = findings.filter(({ at }) => at === node.id)
  return (
    <>
      <PanelHead store={store} title={node.id} kind={node.kind} category={node.definition?.category ?? 'unfit'} />
      {node.definition === null ? null : <p class="summary">{node.definition.summary}</p>}
      {own.length === 0 ? null : <Findings store={store} findings={own} />}
      {isFit(node) ? <Facts facts={factsOf(store, node)} /> : null}
      {node.definition === null ? null : (
        <Fold title="Settings"><Settings store={store} id={node.id} definition={node.definition} config={node.config} meanings={meaningsOf(store, node.kind)} /></Fold>
      )}
      <p class="from">from {node.from.map((ref, index) => (
        <span key={index}>{index > 0 ? ', ' : ''}{store.project.value.nodes.has(ref.id) ? <NodeLink store={store} id={ref.id} /> : <b>{showRef(ref)}</b>}</span>
      ))}</p>
      {isFit(node) ? <Fold title="What one unit sees"><Field store={store} node={node} /></Fold> : null}
      {isFit(node) ? <LazyFold title="Gridding: paths per pixel">{() => <GriddingMap store={store} id={node.id} />}</LazyFold> : null}
      {isFit(node) ? <Fold title="How the numbers come about"><Derivation store={store} sections={explain(survey.graph, node.id).sections} /></Fold> : null}
      {node.definition === null ? null : <Fold title={`About ${node.kind}`}><About node={node} definition={node.definition} pages={store.pages.value} /></Fold>}
    </>
  )
}

interface ScopePanelProps {
  readonly store: Store
  readonly scope: string
}

export function ScopePanel({ store, scope }: ScopePanelProps) {
  const { analysis, findings, nodes } = store.project.value
  const inside = (id: string): boolean => id.startsWith(`${scope}/`)
  const totals = analysis.scopes.find(({ id }) => id === scope)
  const own = findings.filter(({ at }) => inside(at))
  const isFolded = store.layout.value?.boxes.some(({ id }) => id === scope) === true
  return (
    <>
      <PanelHead store={store} title={scope} kind="scope" category="folded" />
      {totals === undefined ? null : (
        <Facts facts={[
          ['layers', showCount(totals.layers)], ['parameters', showCount(totals.params)], ['MACs', showPartial(totals.macs, totals.uncounted)], ['memory', showBytes(totals.memory)],
        ]} />
      )}
      <p><button type="button" class="action" onClick={() => store.fold(scope, !isFolded)}>{isFolded ? 'Show what is inside' : 'Fold into one box'}</button></p>
      {own.length === 0 ? null : <Fold title={`Findings: ${own.length}`}><Findings store={store} findings={own} /></Fold>}
      <Fold title="Layers">
        <ul class="plain">{[...nodes.keys()].filter(inside).map((id) => <li key={id}><NodeLink store={store} id={id} /></li>)}</ul>
      </Fold>
    </>
  )
}
