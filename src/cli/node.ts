// The model that a command looks at, at the sizes given; and a node argument: an id, or a scope, which stands for its last node.
import type { GraphData, GraphNode } from '../graph/graph.ts'
import { UsageError } from './failure.ts'
import { withInputs } from '../graph/sites.ts'
import { loadModel } from './model.ts'
import { nearest } from './nearest.ts'
import type { SizedOptions } from './options.ts'
import { readInputs, readSettings } from './settings.ts'

/** The model with the settings and input sizes of the options. */
export async function loadSized(model: string, options: SizedOptions): Promise<GraphData> {
  const graph = await loadModel(model, readSettings(options.set))
  const input = readInputs(options.input, graph)
  return input === undefined ? graph : withInputs(graph, input)
}

/** The node of this id, or the last one of this scope. */
export function findNode(graph: GraphData, name: string): GraphNode {
  const scope = name.endsWith('/') ? name : `${name}/`
  const node = graph.nodes.find(({ id }) => id === name) ?? graph.nodes.findLast(({ id }) => id.startsWith(scope))
  if (node !== undefined) return node
  const meant = nearest(name, graph.nodes.map(({ id }) => id))
  throw new UsageError(
    `${graph.name} has no node "${name}"`,
    meant === null ? '`layergraph summary` shows their ids' : `did you mean ${meant}?`,
  )
}

/** "7,7" as a unit of a node. */
export function readUnit(text: string | undefined): readonly number[] | undefined {
  if (text === undefined) return undefined
  const numbers = text.split(/[,x×]/).map(Number)
  if (numbers.every((one) => Number.isInteger(one) && one >= 0)) return numbers
  throw new UsageError(`--at takes a unit such as 7,7, but gets "${text}"`, 'rows first, counted from 0')
}
