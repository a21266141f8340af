// One batch: through the model, and back through it.
import { keep, reshape, type Tensor } from '@tensorflow/tfjs-core'
import { scale } from '../kernels/sum.ts'
import { differentiate, type Seed } from '../ops/gradient.ts'
import { failure } from '../spec/issue.ts'
import { fromArray, type Network } from '../runtime/network.ts'
import type { Tensors } from '../runtime/program.ts'
import type { Parameter } from '../runtime/weights.ts'
import type { Batch } from './data.ts'
import { type Loss, targetOf } from './losses.ts'

/** The loss of each output that has one, by the output's name. */
export type Losses = Readonly<Record<string, Loss>>

/** What a batch came to. */
export interface Score {
  /** Sum over the outputs of the mean loss of each. */
  readonly loss: number
  /** Mean over the outputs that can be right or wrong; `null` when none can. */
  readonly accuracy: number | null
}

/** An output beside what it should be. */
interface Pair {
  readonly name: string
  readonly loss: Loss
  readonly output: Tensor
  readonly target: Float32Array
}

function pairs(outputs: Tensors, batch: Batch, losses: Losses): readonly Pair[] {
  return Object.entries(batch.labels).map(([name, labels]) => {
    const output = outputs[name] as Tensor
    return { name, loss: losses[name] as Loss, output, target: targetOf(labels, output.shape, `labels.${name}`) }
  })
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function accuracyOf(all: readonly Pair[]): number | null {
  const each = all.flatMap(({ loss, output, target }) => loss.accuracy === null
    ? []
    : [loss.accuracy(output.dataSync<'float32'>(), target, output.shape.at(-1) as number)])
  return each.length === 0 ? null : mean(each)
}

/** The mean loss, and its gradient by the output. */
interface Compared {
  readonly loss: number
  readonly gradient: Tensor
}

function compare({ loss, output, target }: Pair): Compared {
  const compared = loss.compare(output, fromArray({ data: target, shape: output.shape }))
  const values = compared.loss.dataSync<'float32'>()
  let sum = 0
  for (const value of values) sum += value
  return { loss: sum / values.length, gradient: scale(compared.gradient, 1 / values.length) }
}

/** Refuses outputs that the loss was not made for. */
function checkFit(all: readonly Pair[]): void {
  for (const { name, loss, output } of all) {
    const unfit = loss.unfit?.(output.dataSync<'float32'>(), output.shape.at(-1) as number) ?? null
    if (unfit !== null) throw failure('train/loss', `output ${name}`, unfit.message, unfit.hint)
  }
}

const inputsOf = (batch: Batch): Tensors =>
  Object.fromEntries(Object.entries(batch.inputs).map(([name, array]) => [name, fromArray(array)]))

/** Loss and accuracy of a batch, without training. Leaves no tensors. */
export function score(network: Network, batch: Batch, losses: Losses): Score {
  let result: Score = { loss: 0, accuracy: null }
  network.on(() => {
    const { outputs } = network.run(inputsOf(batch), { training: false, seed: 0 })
    const all = pairs(outputs, batch, losses)
    result = { loss: all.reduce((sum, pair) => sum + compare(pair).loss, 0), accuracy: accuracyOf(all) }
  })
  return result
}

export interface StepOptions {
  readonly seed: number
  /** Look whether the outputs suit the losses. */
  readonly check: boolean
  /** Called with the weights that have a gradient, in the order of the graph, within a tidy. */
  readonly update: (learned: readonly Learned[]) => void
}

/** A weight and its gradient. */
export interface Learned {
  readonly parameter: Parameter
  readonly gradient: Tensor
}

/** What the forward pass leaves for after the gradients. */
interface Forwarded extends Score {
  /** New values of weights that are not trained, kept. */
  readonly updates: Tensors
}

function forward(
  network: Network, batch: Batch, losses: Losses, { seed, check }: StepOptions,
): { readonly result: Forwarded; readonly seeds: readonly Seed[] } {
  const { outputs, updates } = network.run(inputsOf(batch), { training: true, seed })
  const all = pairs(outputs, batch, losses)
  if (check) checkFit(all)
  const compared = all.map(compare)
  const loss = compared.reduce((sum, one) => sum + one.loss, 0)
  for (const update of Object.values(updates)) keep(update)
  const seeds = all.map(({ output }, index): Seed => [output, reshape((compared[index] as Compared).gradient, output.shape)])
  return { result: { loss, accuracy: accuracyOf(all), updates }, seeds }
}

/**
 * Trains on one batch. Leaves no tensors but the weights and what the optimizer keeps.
 *
 * @throws LayergraphError `train/nan-loss` when the loss is no finite number; the weights are then as they were.
 */
export function trainStep(network: Network, batch: Batch, losses: Losses, options: StepOptions): Score {
  const trainable = [...network.parameters.values()].filter((parameter) => parameter.trainable)
  let result: Score = { loss: Number.NaN, accuracy: null }
  network.on(() => {
    const { result: { loss, accuracy, updates }, gradients } = differentiate(
      trainable.map(({ tensor }) => tensor), () => forward(network, batch, losses, options),
    )
    if (!Number.isFinite(loss)) {
      for (const update of Object.values(updates)) update.dispose()
      throw failure('train/nan-loss', 'loss', `became ${loss}`, 'lower the learning rate, or look for NaN and huge numbers in the data')
    }
    options.update(gradients.flatMap((gradient, index) =>
      gradient === undefined ? [] : [{ parameter: trainable[index] as Parameter, gradient }]))
    network.assign(updates)
    network.changed()
    result = { loss, accuracy }
  })
  return result
}
