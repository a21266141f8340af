// One batch: through the model, and back through it.
import { engine, keep, reshape, scalar, type Tensor } from '@tensorflow/tfjs-core'
import { scale } from '../kernels/sum.ts'
import { record } from '../ops/gradient.ts'
import { failure } from '../spec/issue.ts'
import { fromArray, type Network, replace } from '../runtime/network.ts'
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

function compare({ loss, output, target }: Pair): { readonly loss: number; readonly gradient: Tensor } {
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

/** The total loss as one operation on the tape, with the gradients that came with it. Nothing follows it. */
function totalLoss(all: readonly Pair[], report: (loss: number) => void): Tensor {
  const gradients: Tensor[] = []
  return record<Record<string, Tensor>, Tensor>(Object.fromEntries(all.map(({ output }, index) => [index, output])), {
    forward: () => {
      const compared = all.map(compare)
      const total = compared.reduce((sum, { loss }) => sum + loss, 0)
      report(total)
      gradients.push(...compared.map(({ gradient }) => gradient))
      return scalar(total, 'float32')
    },
    save: () => gradients,
    gradients: (_one, saved) => Object.fromEntries(
      all.map(({ output }, index) => [index, () => reshape(saved[index] as Tensor, output.shape)]),
    ),
  })
}

export interface StepOptions {
  readonly seed: number
  /** Look whether the outputs suit the losses. */
  readonly check: boolean
  /** Called for each weight that has a gradient, in the order of the graph, within a tidy. */
  readonly update: (parameter: Parameter, gradient: Tensor) => void
}

/** What the forward pass leaves for after the gradients. */
interface Forwarded extends Score {
  /** New values of weights that are not trained, kept. */
  readonly updates: Tensors
}

function forward(network: Network, batch: Batch, losses: Losses, { seed, check }: StepOptions): [Tensor, Forwarded] {
  const { outputs, updates } = network.run(inputsOf(batch), { training: true, seed })
  const all = pairs(outputs, batch, losses)
  if (check) checkFit(all)
  let loss = Number.NaN
  const total = totalLoss(all, (value) => { loss = value })
  const accuracy = accuracyOf(all)
  for (const update of Object.values(updates)) keep(update)
  return [total, { loss, accuracy, updates }]
}

type Outcome = { readonly forwarded: Forwarded } | { readonly error: unknown }

/** The gradients of the weights `of`, in their order, and what went before. Call it in a tidy. */
function differentiate(of: readonly Parameter[], run: () => [Tensor, Forwarded]): { readonly forwarded: Forwarded; readonly gradients: readonly (Tensor | undefined)[] } {
  let outcome: Outcome | null = null
  // An error may not pass through the tape, which would never let go of what it saved.
  const guarded = (): Tensor => {
    try {
      const [total, forwarded] = run()
      outcome = { forwarded }
      return total
    } catch (error) {
      outcome = { error }
      return scalar(0)
    }
  }
  const { grads } = engine().gradients(guarded, of.map(({ tensor }) => tensor), undefined, true)
  const done = outcome as unknown as Outcome
  if ('error' in done) throw done.error
  return { forwarded: done.forwarded, gradients: grads }
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
    const { forwarded, gradients } = differentiate(trainable, () => forward(network, batch, losses, options))
    const { loss, accuracy, updates } = forwarded
    if (!Number.isFinite(loss)) {
      for (const update of Object.values(updates)) update.dispose()
      throw failure('train/nan-loss', 'loss', `became ${loss}`, 'lower the learning rate, or look for NaN and huge numbers in the data')
    }
    for (const [index, gradient] of gradients.entries()) {
      if (gradient !== undefined) options.update(trainable[index] as Parameter, gradient)
    }
    for (const [name, value] of Object.entries(updates)) replace(network.parameters.get(name) as Parameter, value)
    result = { loss, accuracy }
  })
  return result
}
