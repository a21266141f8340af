// Shapes over a whole graph, for the declared input sizes or for others.
import { type Issue, LayergraphError } from '../spec/issue.ts'
import type { LayerDefinition, Site } from '../spec/layer.ts'
import { inferUse } from '../spec/symbolic.ts'
import { type Dims, showDims, unifyDims } from '../spec/tensor.ts'
import type { GraphData, Ref } from './graph.ts'
import { showRef } from './graph.ts'

/** Output shapes by id, of inputs and nodes. */
export type Sites = Map<string, readonly Dims[]>

interface Pending {
  readonly id: string
  readonly definition: LayerDefinition
  readonly config: unknown
  readonly from: readonly Ref[]
}

/**
 * The site of one node, and its outputs noted in `sites`; issues are added to the list. `null` when it does not
 * fit, or when something before it did not.
 */
export function inferNode(node: Pending, sites: Sites, issues: Issue[]): Site | null {
  const inputs = node.from.map((ref) => sites.get(ref.id)?.[ref.output])
  if (inputs.includes(undefined)) return null
  const inferred = inferUse(node.definition, node.config, inputs as readonly Dims[])
  if ('outputs' in inferred) {
    sites.set(node.id, inferred.outputs)
    return inferred
  }
  const seen = node.from.map((ref, index) => ({ shape: inputs[index] as Dims, from: showRef(ref) }))
  for (const misfit of inferred) {
    issues.push({ ...misfit, severity: 'error', at: node.id, kind: node.definition.kind, seen })
  }
  return null
}

/**
 * The same graph with other input sizes: every site inferred anew.
 *
 * @param shapes Input shapes by id; inputs that are left out keep theirs.
 * @throws LayergraphError when a size contradicts a declared one that is known and layers no longer fit.
 */
export function withInputs<G extends GraphData>(graph: G, shapes: Readonly<Record<string, Dims>>): GraphData {
  const issues: Issue[] = []
  const ids = graph.inputs.map(({ id }) => id)
  for (const id of Object.keys(shapes)) {
    if (!ids.includes(id)) issues.push({ code: 'graph/unknown-input', severity: 'error', at: graph.name, message: `has no input "${id}"`, hint: `its inputs are ${ids.join(', ')}` })
  }
  const inputs = graph.inputs.map((input) => {
    const shape = shapes[input.id] ?? input.shape
    if (shape.length !== input.shape.length) {
      issues.push({ code: 'graph/input-rank', severity: 'error', at: input.id, message: `is declared as ${showDims(input.shape)}, but gets ${showDims(shape)}`, hint: 'give as many sizes as the input has' })
    }
    return { id: input.id, shape }
  })
  if (issues.length > 0) throw new LayergraphError(issues)
  const sites: Sites = new Map(inputs.map(({ id, shape }) => [id, [shape]]))
  const nodes = graph.nodes.flatMap((node) => {
    const site = inferNode(node, sites, issues)
    return site === null ? [] : [{ ...node, site }]
  })
  if (issues.length > 0) throw new LayergraphError(issues)
  return { name: graph.name, inputs, nodes, outputs: graph.outputs }
}

/** Does this shape agree with the declared one, as far as it is known? */
export function acceptsInput(declared: Dims, shape: Dims): boolean {
  return unifyDims(declared, shape) !== null
}
