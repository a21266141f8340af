// layergraph evaluate <run>
import { showCount, showLoss, showShare } from '../report/numbers.ts'
import type { Evaluation } from '../train/trainer.ts'
import { chooseLoss } from './choices.ts'
import { fitExamples, loadData } from './data.ts'
import { EXIT } from './failure.ts'
import type { EvaluateCommand } from './program.ts'
import { openRun } from './run.ts'
import { completeSettings, readTrainSettings } from './trainSettings.ts'

/** "test  loss 0.0287  accuracy 99.12 % of 10,000 images" */
export function showEvaluation({ loss, accuracy, examples }: Evaluation, name: string): string {
  const count = `${showCount(examples)} images`
  const shown = `${name}  loss ${showLoss(loss)}`
  return accuracy === null ? `${shown} on ${count}` : `${shown}  accuracy ${showShare(accuracy)} of ${count}`
}

/** Prints how well a saved model does on the test images. Gives the exit code. */
export async function evaluate(run: string, command: EvaluateCommand): Promise<number> {
  const model = await openRun(run, command)
  const { data, loss, batchSize } = completeSettings(readTrainSettings(run), command)
  const { test } = await loadData(data)
  const evaluation = await model.evaluate(fitExamples(test, model.graph, data), { loss: chooseLoss(loss), batchSize })
  const text = command.json === true ? JSON.stringify({ data, ...evaluation }, null, 2) : showEvaluation(evaluation, data)
  process.stdout.write(`${text}\n`)
  model.dispose()
  return EXIT.fine
}
