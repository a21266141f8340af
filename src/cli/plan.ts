// layergraph plan <model>
import { planMemory } from '../analysis/buffers.ts'
import { planJson, planText } from '../report/plan.ts'
import type { PlanCommand } from './inspection.ts'
import { loadSized } from './node.ts'
import { wantsColor, widthOf } from './terminal.ts'

/** Prints the plan of a run. */
export async function plan(model: string, options: PlanCommand): Promise<void> {
  const { batch, training = false, fuse } = options
  const planned = planMemory(await loadSized(model, options), { batch, training, fuse })
  const out = process.stdout
  out.write(options.json ? planJson(planned) : planText(planned, { width: widthOf(out), color: wantsColor(out) }))
}
