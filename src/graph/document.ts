// The graph document: a model as JSON. Everything a graph is, nothing that follows from it.
import { z } from 'zod'
import { configIssues } from '../spec/config.ts'
import { type Issue, LayergraphError } from '../spec/issue.ts'
import type { LayerDefinition } from '../spec/layer.ts'
import type { GraphData, GraphNode, Ref } from './graph.ts'
import { readRef, showRef } from './graph.ts'
import { inferNode, type Sites } from './sites.ts'

export const FORMAT = 'layergraph/1'

const id = z.string().min(1)
const shape = z.array(z.int().positive().nullable()).describe('Sizes without the batch; null for one not known')

/** The document's schema. A layer's config is checked by the layer itself. */
export const graphSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal(FORMAT),
  name: z.string().min(1),
  inputs: z.array(z.strictObject({ id, shape })).min(1),
  nodes: z.array(z.strictObject({
    id: id.describe('Path whose prefix is the scope, such as stem/conv2d'),
    kind: z.string().min(1).describe('The layer, such as conv2d'),
    from: z.array(id).min(1).describe('Earlier ids; "id:1" is a second output'),
    config: z.record(z.string(), z.json()),
    weights: id.optional().describe('The node whose weights this one uses'),
  })),
  outputs: z.array(z.strictObject({ name: z.string().min(1), from: id })).min(1),
}).meta({ title: 'layergraph graph document' })

export type GraphDocument = z.output<typeof graphSchema>

/** A graph as its document. */
export function printDocument(graph: GraphData): GraphDocument {
  return {
    format: FORMAT,
    name: graph.name,
    inputs: graph.inputs.map((input) => ({ id: input.id, shape: [...input.shape] })),
    nodes: graph.nodes.map((node) => ({
      id: node.id,
      kind: node.kind,
      from: node.from.map(showRef),
      config: structuredClone(node.config) as GraphDocument['nodes'][number]['config'],
      ...(node.weights === null ? {} : { weights: node.weights }),
    })),
    outputs: graph.outputs.map(({ name, from }) => ({ name, from: showRef(from) })),
  }
}

/** The document's JSON Schema, for editors. */
export function documentSchema(): unknown {
  return z.toJSONSchema(graphSchema, { io: 'input' })
}

/** The document in a JSON value, its layers unread. @throws LayergraphError when the value has another form. */
export function parseDocument(json: unknown): GraphDocument {
  const parsed = graphSchema.safeParse(json, { reportInput: true })
  if (!parsed.success) throw new LayergraphError(configIssues(parsed.error, 'graph document'))
  return parsed.data
}

/** A document's data, every fault of it at once. @throws LayergraphError */
export function readDocument(json: unknown, definitions: readonly LayerDefinition[]): GraphData {
  const issues: Issue[] = []
  const { data } = assemble(parseDocument(json), definitions, issues)
  if (issues.length > 0) throw new LayergraphError(issues)
  return data
}

/** A node without shapes: it does not fit, its layer is not known, or something before it has no shapes. */
export interface UnfitNode extends Pick<GraphNode, 'id' | 'kind' | 'from' | 'weights'> {
  /** `null` for a layer that is not known. */
  readonly definition: LayerDefinition | null
  readonly config: unknown
}

/** A document that may have faults: all of them, and what of it is sound. */
export interface DocumentSurvey {
  /** The nodes that fit, and the outputs that come from them. */
  readonly graph: GraphData
  readonly unfit: readonly UnfitNode[]
  /** Outputs that come from no node that fits. */
  readonly unfitOutputs: GraphData['outputs']
  readonly issues: readonly Issue[]
}

/** What of a document is sound, and what is not. Of nodes with one id the first one counts. */
export function surveyDocument(document: GraphDocument, definitions: readonly LayerDefinition[]): DocumentSurvey {
  const issues: Issue[] = []
  const { data, sites } = assemble(document, definitions, issues)
  const fits = new Map(data.nodes.toReversed().map((node) => [node.id, node]))
  const inputs = new Set(data.inputs.map(({ id }) => id))
  const sound = ({ from }: { readonly from: Ref }): boolean => sites.get(from.id)?.[from.output] !== undefined
  const unfit = new Map(document.nodes.toReversed().filter(({ id }) => !fits.has(id) && !inputs.has(id)).map((entry) => [entry.id, {
    id: entry.id, kind: entry.kind, from: entry.from.map(readRef), weights: entry.weights ?? null, config: entry.config,
    definition: definitions.find(({ kind }) => kind === entry.kind) ?? null,
  }]))
  return {
    graph: { ...data, nodes: data.nodes.filter((node) => fits.get(node.id) === node && !inputs.has(node.id)), outputs: data.outputs.filter(sound) },
    unfit: [...unfit.values()].reverse(), unfitOutputs: data.outputs.filter((one) => !sound(one)), issues,
  }
}

interface Assembled {
  readonly data: GraphData
  readonly sites: Sites
}

function assemble(document: GraphDocument, definitions: readonly LayerDefinition[], issues: Issue[]): Assembled {
  const sites: Sites = new Map()
  const known = new Set<string>()
  const declare = (name: string): void => {
    if (known.has(name)) issues.push(fault('graph/duplicate-id', name, `the id "${name}" is used twice`, 'rename one of them'))
    known.add(name)
  }
  for (const input of document.inputs) {
    declare(input.id)
    sites.set(input.id, [input.shape])
  }
  const nodes: GraphNode[] = []
  for (const entry of document.nodes) {
    const node = readNode(entry, definitions, known, sites, issues)
    if (node !== null) nodes.push(node)
    declare(entry.id)
  }
  checkShared(nodes, document, issues)
  const outputs = document.outputs.map(({ name, from }) => ({ name, from: readRef(from) }))
  for (const { name, from } of outputs) {
    if (!known.has(from.id)) issues.push(unknownId(`output ${name}`, from))
    else if (sites.has(from.id) && from.output >= (sites.get(from.id)?.length ?? 0)) issues.push(noOutput(`output ${name}`, from))
  }
  checkUnique(outputs.map(({ name }) => name), issues)
  return { data: { name: document.name, inputs: document.inputs, nodes, outputs }, sites }
}

function checkUnique(names: readonly string[], issues: Issue[]): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) issues.push(fault('graph/duplicate-output', name, `two outputs are named "${name}"`, 'rename one of them'))
  }
}

function readNode(
  entry: GraphDocument['nodes'][number], definitions: readonly LayerDefinition[], known: ReadonlySet<string>,
  sites: Sites, issues: Issue[],
): GraphNode | null {
  const definition = definitions.find(({ kind }) => kind === entry.kind)
  const from = entry.from.map(readRef)
  for (const ref of from) {
    if (!known.has(ref.id)) issues.push(unknownId(entry.id, ref))
    else if (sites.has(ref.id) && ref.output >= (sites.get(ref.id)?.length ?? 0)) issues.push(noOutput(entry.id, ref))
  }
  if (definition === undefined) {
    issues.push(fault('graph/unknown-kind', entry.id, `there is no layer of kind "${entry.kind}"`, 'pass your own layers: parseGraph(json, { layers: [yours] })'))
    return null
  }
  const config = definition.config.safeParse(entry.config, { reportInput: true })
  if (!config.success) {
    issues.push(...configIssues(config.error, entry.id, entry.kind))
    return null
  }
  const site = inferNode({ id: entry.id, definition, config: config.data, from }, sites, issues)
  if (site === null) return null
  return Object.freeze({
    id: entry.id, kind: entry.kind, from, definition, config: config.data, site, weights: entry.weights ?? null,
  })
}

function checkShared(nodes: readonly GraphNode[], document: GraphDocument, issues: Issue[]): void {
  const position = new Map(document.nodes.map((node, index) => [node.id, index]))
  for (const node of nodes) {
    if (node.weights === null) continue
    const owner = nodes.find((other) => other.id === node.weights)
    if (!position.has(node.weights) || (position.get(node.weights) as number) >= (position.get(node.id) as number)) {
      issues.push(fault('graph/unknown-weights', node.id, `uses the weights of "${node.weights}", which is not an earlier node`, 'name an earlier node of the same kind'))
    } else if (owner !== undefined) {
      issues.push(...sharedIssues(node, owner))
    }
  }
}

/** Can this node use that node's weights? */
export function sharedIssues(node: GraphNode, owner: GraphNode): readonly Issue[] {
  if (owner.weights !== null) {
    return [fault('graph/unknown-weights', node.id, `uses the weights of "${owner.id}", which itself uses those of "${owner.weights}"`, `name "${owner.weights}"`)]
  }
  if (owner.kind !== node.kind) {
    return [fault('graph/shared-weights', node.id, `is a ${node.kind}, but "${owner.id}" whose weights it uses is a ${owner.kind}`, 'share between layers of one kind')]
  }
  const own = JSON.stringify(node.definition.weights?.(node.site) ?? [])
  const theirs = JSON.stringify(owner.definition.weights?.(owner.site) ?? [])
  if (own === theirs) return []
  const shapes = (text: string): string => (JSON.parse(text) as { name: string; shape: number[] }[])
    .map(({ name, shape }) => `${name} ${shape.join('×')}`).join(', ')
  return [fault('graph/shared-weights', node.id, `needs weights ${shapes(own)}, but those of "${owner.id}" are ${shapes(theirs)}`, 'feed both from tensors with the same number of channels')]
}

function fault(code: string, at: string, message: string, hint: string): Issue {
  return { code, severity: 'error', at, message, hint }
}

const unknownId = (at: string, ref: Ref): Issue =>
  fault('graph/unknown-id', at, `comes from "${ref.id}", which is not an input or an earlier node`, 'list nodes in topological order')

const noOutput = (at: string, ref: Ref): Issue =>
  fault('graph/unknown-output', at, `comes from "${showRef(ref)}", but "${ref.id}" has no output ${ref.output}`, `use "${ref.id}"`)
