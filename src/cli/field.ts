// layergraph field <model> <node>
import { unitField } from '../analysis/unit.ts'
import { heatSvg, inImage } from '../report/heat.ts'
import { unitJson, unitText } from '../report/unit.ts'
import type { FieldOptions } from './inspection.ts'
import { findNode, loadSized, readUnit } from './node.ts'
import { drawingWidth } from './terminal.ts'

/** Prints what one unit of a node sees. */
export async function field(model: string, name: string, options: FieldOptions): Promise<void> {
  const graph = await loadSized(model, options)
  const { id } = findNode(graph, name)
  const seen = unitField(graph, id, readUnit(options.at))
  const text = options.json ? unitJson(seen)
    : options.svg ? seen.views.map(({ map, shape, input }) =>
      heatSvg(inImage(map, shape.slice(0, -1) as number[]), `${id} ${seen.at.join(',')} sees of ${input}`)).join('')
    : unitText(seen, { width: drawingWidth(process.stdout) })
  process.stdout.write(text)
}
