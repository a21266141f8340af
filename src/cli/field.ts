// layergraph field <model> <node>
import { unitField } from '../analysis/unit.ts'
import type { UnitField } from '../analysis/unit.ts'
import type { GraphData } from '../graph/graph.ts'
import { heatSvg, inImage, planeOf } from '../report/heat.ts'
import { numbersOnLines } from '../report/json.ts'
import { unitJson, unitText } from '../report/unit.ts'
import type { FieldOptions } from './inspection.ts'
import { findNode, loadSized, readUnit } from './node.ts'
import { drawingWidth } from './terminal.ts'
import { savedWeights } from './weights.ts'

/** The unit's field and, beside it, what gradients say. */
async function measured(graph: GraphData, seen: UnitField, { weights, samples, json, svg }: FieldOptions): Promise<string> {
  const { measureField } = await import('../runtime/measure.ts')
  const fields = await measureField(graph, seen.id, seen.at, { samples, ...await savedWeights(weights) })
  if (json) return numbersOnLines({ ...JSON.parse(unitJson(seen)), measured: fields.map(({ energy, ...field }) => ({ ...field, energy: [...energy] })) })
  if (svg) return fields.map(({ input, shape, energy }) => heatSvg(planeOf({ shape, counts: energy }), `Gradients of ${seen.id} ${seen.at.join(',')} by ${input}`)).join('')
  return unitText(seen, { width: drawingWidth(process.stdout), measured: fields })
}

/** Prints what one unit of a node sees. */
export async function field(model: string, name: string, options: FieldOptions): Promise<void> {
  const graph = await loadSized(model, options)
  const { id } = findNode(graph, name)
  const seen = unitField(graph, id, readUnit(options.at))
  if (options.measure === true || options.weights !== undefined) {
    process.stdout.write(await measured(graph, seen, options))
    return
  }
  const text = options.json ? unitJson(seen)
    : options.svg ? seen.views.map(({ map, shape, input }) =>
      heatSvg(inImage(map, shape.slice(0, -1) as number[]), `${id} ${seen.at.join(',')} sees of ${input}`)).join('')
    : unitText(seen, { width: drawingWidth(process.stdout) })
  process.stdout.write(text)
}
