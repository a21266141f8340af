// analyze(): what a graph costs and what its units see, as data. Nothing is allocated and nothing runs.
import type { GraphData, GraphNode } from '../graph/graph.ts'
import { showRef } from '../graph/graph.ts'
import { withInputs } from '../graph/sites.ts'
import { failure, type Issue } from '../spec/issue.ts'
import type { Dims } from '../spec/tensor.ts'
import { type Field, fieldsOf } from './field.ts'
import { bytesOf, type Memory, memoryOf } from './memory.ts'
import { countMacs, countParams, sumKnown } from './params.ts'
import { type ScopeTotals, scopesOf } from './scopes.ts'

export type { Field, Memory, ScopeTotals }

/** One row of a summary. `null` is a number that is not known. */
export interface NodeAnalysis {
  readonly id: string
  readonly kind: string
  /** Where its inputs come from: "id", or "id:1" for a second output. */
  readonly from: readonly string[]
  /** Without the batch; of a node with several outputs the first one's. */
  readonly outputShape: Dims
  /** All outputs, for a node with several. */
  readonly outputShapes?: readonly Dims[]
  /** The node whose weights it uses; its own parameters are then 0, and only its MACs count. */
  readonly weights?: string
  /** Trainable and not, as Keras counts. */
  readonly params: number | null
  /** As PyTorch counts. */
  readonly trainableParams: number | null
  /** Multiply-accumulates for one image, without bias. */
  readonly macs: number | null
  /** Bytes of float32 that its outputs take for one image. */
  readonly memory: number | null
  /** What one unit sees of the first input it depends on. */
  readonly field: Field | null
  /** The same for each input it depends on, in a graph with several. */
  readonly fields?: Readonly<Record<string, Field | null>>
}

export interface Totals {
  readonly params: number | null
  readonly trainableParams: number | null
  /** Of the nodes whose MACs are known; `null` when that leaves none. */
  readonly macs: number | null
  /** Floating-point operations: a multiplication and an addition for each of the MACs. */
  readonly flops: number | null
  /** Ids of the nodes that are missing in `macs`. */
  readonly uncounted: readonly string[]
  /** Bytes of float32 for one image. */
  readonly memory: Memory
}

/** What `summary --json` prints. */
export interface Analysis {
  readonly name: string
  readonly inputs: readonly { readonly id: string; readonly shape: Dims }[]
  readonly nodes: readonly NodeAnalysis[]
  /** Sums by scope. */
  readonly scopes: readonly ScopeTotals[]
  readonly totals: Totals
  /** What deserves a look, and what could not be worked out. */
  readonly findings: readonly Issue[]
}

export interface AnalyzeOptions {
  /** Other input sizes than the declared ones: a shape for a graph with one input, else shapes by input. */
  readonly input?: Dims | Readonly<Record<string, Dims>>
}

/**
 * Shapes, parameters, MACs, memory and receptive fields of a graph.
 *
 * Sizes that are not known give `null` where they matter, and a finding that says so.
 *
 * @throws LayergraphError when `input` does not fit the graph.
 */
export function analyze(graph: GraphData, options: AnalyzeOptions = {}): Analysis {
  const sized = options.input === undefined ? graph : withInputs(graph, shapesOf(graph, options.input))
  const { byNode, findings } = fieldsOf(sized)
  const nodes = sized.nodes.map((node) => analyzeNode(node, byNode.get(node.id) as ReadonlyMap<string, Field | null>, sized))
  const params = sumKnown(nodes.map((node) => node.params))
  const uncounted = nodes.filter(({ macs }) => macs === null).map(({ id }) => id)
  const { macs } = countMacs(nodes)
  return {
    name: sized.name,
    inputs: sized.inputs.map(({ id, shape }) => ({ id, shape })),
    nodes,
    scopes: scopesOf(nodes),
    totals: {
      params,
      trainableParams: sumKnown(nodes.map(({ trainableParams }) => trainableParams)),
      macs,
      flops: macs === null ? null : 2 * macs,
      uncounted,
      memory: memoryOf(sized, params),
    },
    findings: [...findings, ...nodes.flatMap((node) => unknownCounts(node, sized))],
  }
}

function shapesOf(graph: GraphData, given: Dims | Readonly<Record<string, Dims>>): Readonly<Record<string, Dims>> {
  const shapes = isDims(given) ? forOnlyInput(graph, given) : given
  for (const [id, shape] of Object.entries(shapes)) {
    const wrong = shape.find((size) => size !== null && !(Number.isInteger(size) && size > 0))
    if (wrong === undefined) continue
    throw failure('config/invalid', id, `sizes are positive whole numbers or null, but one is ${wrong}`, 'leave out the batch dimension')
  }
  return shapes
}

const isDims = (given: Dims | Readonly<Record<string, Dims>>): given is Dims => Array.isArray(given)

function forOnlyInput(graph: GraphData, shape: Dims): Readonly<Record<string, Dims>> {
  const ids = graph.inputs.map(({ id }) => id)
  if (ids.length === 1) return { [ids[0] as string]: shape }
  throw failure(
    'graph/which-input', graph.name, `has ${ids.length} inputs, but one shape is given`,
    `give a shape for each: ${ids.join(', ')}`,
  )
}

function analyzeNode(node: GraphNode, fields: ReadonlyMap<string, Field | null>, graph: GraphData): NodeAnalysis {
  const { id, kind, definition, site } = node
  return {
    id,
    kind,
    from: node.from.map(showRef),
    outputShape: site.outputs[0] as Dims,
    ...(site.outputs.length > 1 ? { outputShapes: site.outputs } : {}),
    ...(node.weights === null ? {} : { weights: node.weights }),
    ...countParams(node),
    macs: definition.macs(site),
    memory: sumKnown(site.outputs.map(bytesOf)),
    field: [...fields.values()][0] ?? null,
    ...(graph.inputs.length > 1 ? { fields: Object.fromEntries(fields) } : {}),
  }
}

/** Numbers that are missing from the totals, so that nobody takes them for zero. */
function unknownCounts({ id, kind, params, macs }: NodeAnalysis, graph: GraphData): Issue[] {
  const sizesMissing = graph.inputs.some(({ shape }) => shape.includes(null))
  const base = { severity: 'info' as const, at: id, kind }
  const findings: Issue[] = []
  if (params === null) {
    findings.push({
      ...base, code: 'params/unknown', message: 'weights depend on a size that is not known',
      hint: sizesMissing ? 'give the sizes of the input' : 'fix the size before it',
    })
  }
  if (macs === null) {
    findings.push({
      ...base, code: 'macs/uncounted', message: 'multiply-accumulates are not known and not in the total',
      hint: sizesMissing ? 'give the sizes of the input' : 'let `macs` of the layer return a number',
    })
  }
  return findings
}
