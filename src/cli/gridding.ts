// layergraph gridding <model> [node]
import { fieldsOf } from '../analysis/field.ts'
import { griddingOf } from '../analysis/gridding.ts'
import { griddingJson, griddingText } from '../report/gridding.ts'
import { heatSvg, planeOf } from '../report/heat.ts'
import type { GraphData } from '../graph/graph.ts'
import { failure } from '../spec/issue.ts'
import { findNode, loadSized } from './node.ts'
import type { SizedOptions } from './options.ts'
import { drawingWidth } from './terminal.ts'

/** The last node whose units lie on the grid of an image. */
function lastOnGrid(graph: GraphData): string {
  const { byNode } = fieldsOf(graph)
  const node = graph.nodes.findLast(({ id }) => [...byNode.get(id) ?? []].some(([, seen]) => seen?.stride != null))
  if (node !== undefined) return node.id
  throw failure('field/unknown', graph.name, 'has no node whose units lie on the grid of an image')
}

/** Prints which pixels of a field are used, and how often. */
export async function gridding(
  model: string, name: string | undefined, options: SizedOptions & { readonly svg?: boolean; readonly json?: boolean },
): Promise<void> {
  const graph = await loadSized(model, options)
  const id = name === undefined ? lastOnGrid(graph) : findNode(graph, name).id
  const found = griddingOf(graph, id)
  if (found.length === 0) {
    throw failure(
      'field/unknown', id, 'its units see everything, or lie on no grid of an image',
      'choose a node before flatten, dense and global pooling; `layergraph summary` shows a stride for those',
    )
  }
  const text = options.json ? griddingJson(found)
    : options.svg ? found.flatMap(({ map, input }) =>
      (map === null ? [] : [heatSvg(planeOf(map), `Paths from the pixels of ${input} to ${id}`)])).join('')
    : found.map((one) => griddingText(one, { width: drawingWidth(process.stdout) })).join('\n')
  process.stdout.write(text)
}
