// Training: an async generator that makes one update at a time and says how it went.
import { failure } from '../spec/issue.ts'
import { mixSeed } from '../spec/random.ts'
import type { Network } from '../runtime/network.ts'
import { makeBreathe } from './breathe.ts'
import {
  type CheckpointSource, type CheckpointTarget, disposeSlots, loadCheckpoint, makeSlots, type Position, saveCheckpoint, type Slots,
} from './checkpoint.ts'
import { type Batch, type Data, type DataSource, epochSeed, type Names, openData } from './data.ts'
import type { EpochRecord, History } from './history.ts'
import { type Loss, losses as standardLosses, softmaxCrossEntropy } from './losses.ts'
import { adam, type Optimizer } from './optimizers.ts'
import { type Progress, rateAt } from './schedules.ts'
import { type Losses, type Score, score, trainStep } from './step.ts'

/** One loss for all outputs, or one for each by name. */
export type LossChoice = Loss | Readonly<Record<string, Loss>>

export interface EvaluateOptions {
  /** Examples per batch where the data is given at once; default 128. */
  readonly batchSize?: number
  /** Default softmaxCrossEntropy. */
  readonly loss?: LossChoice
}

export interface TrainOptions {
  /** Times through the data, default 1. */
  readonly epochs?: number
  /** Examples per update where the data is given at once, default 32. The last batch may be smaller. */
  readonly batchSize?: number
  /** Default adam(1e-3). */
  readonly optimizer?: Optimizer
  /** Default softmaxCrossEntropy. */
  readonly loss?: LossChoice
  /** Looked at after every epoch, not trained on. */
  readonly validation?: Data
  /** Decides the order and what dropout drops; default the model's seed. */
  readonly seed?: number
  /** A new order in every epoch, default true. Batches that are given as such keep theirs. */
  readonly shuffle?: boolean
  /**
   * Directory for checkpoint.safetensors, or a function that takes the bytes of such a file: after every epoch, and when
   * the training is stopped early.
   */
  readonly checkpoint?: CheckpointTarget
  /** Directory whose checkpoint.safetensors to go on from, or its bytes. `epochs` counts from the very start. */
  readonly resume?: CheckpointSource
}

/** How an update went. */
export interface TrainStep {
  /** From 1. */
  readonly epoch: number
  readonly epochs: number
  /** From 1 in each epoch. */
  readonly step: number
  /** In an epoch; `null` when the data does not say. */
  readonly steps: number | null
  /** Of this batch. */
  readonly loss: number
  /** Of this batch, 0 to 1; `null` where right and wrong have no meaning. */
  readonly accuracy: number | null
  /** Over the epoch so far. */
  readonly meanLoss: number
  readonly meanAccuracy: number | null
  /** Examples per second over this epoch so far. */
  readonly imagesPerSecond: number
  /** To the end of the training; `null` when the data does not say how much there is. */
  readonly secondsLeft: number | null
  readonly learningRate: number
  /** With the last update of an epoch: the epoch as a whole. */
  readonly epochEnd: EpochRecord | null
  /** All epochs that are complete, with those before a resume. */
  readonly history: History
}

/** How well a model does. */
export interface Evaluation extends Score {
  /** How many it was tried on. */
  readonly examples: number
}

const names = ({ graph }: Network): Names =>
  ({ inputs: graph.inputs.map(({ id }) => id), outputs: graph.outputs.map(({ name }) => name) })

const isLoss = (value: LossChoice): value is Loss => typeof (value as Loss).compare === 'function'

function lossesFor(network: Network, choice: LossChoice | undefined): Losses {
  const { outputs } = names(network)
  const given = choice ?? softmaxCrossEntropy
  if (typeof given !== 'object' || given === null) {
    throw failure('train/option', 'loss', `is ${String(given)}`, `give one of ${Object.keys(standardLosses).join(', ')}`)
  }
  if (isLoss(given)) return Object.fromEntries(outputs.map((name) => [name, given]))
  const unknown = Object.keys(given).find((name) => !outputs.includes(name))
  if (unknown !== undefined) throw failure('train/option', 'loss', `there is no output "${unknown}"`, `the outputs are ${outputs.join(', ')}`)
  return given
}

/** Every label has a loss. */
function checkLabels(batch: Batch, losses: Losses): void {
  const without = Object.keys(batch.labels).find((name) => losses[name] === undefined)
  if (without !== undefined) throw failure('train/option', 'loss', `there are labels for the output "${without}", but no loss`, `give loss: { ${without}: … }`)
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value
  throw failure('train/option', name, `is ${value}`, 'give a positive whole number')
}

/** Sums over examples, weighted by the size of each batch. */
interface Sums {
  readonly seen: number
  readonly lossSum: number
  readonly accuracySum: number | null
}

const NOTHING: Sums = { seen: 0, lossSum: 0, accuracySum: null }

function addUp({ seen, lossSum, accuracySum }: Sums, { loss, accuracy }: Score, size: number): Sums {
  return {
    seen: seen + size,
    lossSum: lossSum + loss * size,
    accuracySum: accuracy === null ? accuracySum : (accuracySum ?? 0) + accuracy * size,
  }
}

const means = ({ seen, lossSum, accuracySum }: Sums): Score =>
  ({ loss: lossSum / seen, accuracy: accuracySum === null ? null : accuracySum / seen })

async function evaluateSource(network: Network, source: DataSource, losses: Losses, batchSize: number): Promise<Evaluation> {
  const breathe = makeBreathe()
  let sums = NOTHING
  for await (const batch of source.batches({ batchSize, shuffle: null })) {
    checkLabels(batch, losses)
    sums = addUp(sums, score(network, batch, losses), batch.size)
    await breathe()
  }
  return { ...means(sums), examples: sums.seen }
}

/** Mean loss and accuracy over the data. @throws LayergraphError when the data does not fit. */
export async function evaluate(network: Network, data: Data, { batchSize = 128, loss }: EvaluateOptions = {}): Promise<Evaluation> {
  return evaluateSource(network, openData(data, names(network)), lossesFor(network, loss), positive('batchSize', batchSize))
}

/** The settings of a training, checked. */
interface Plan {
  readonly source: DataSource
  readonly validation: DataSource | null
  readonly losses: Losses
  readonly optimizer: Optimizer
  readonly epochs: number
  readonly batchSize: number
  readonly seed: number
  readonly shuffle: boolean
  /** Updates in an epoch. */
  readonly steps: number | null
  readonly checkpoint: CheckpointTarget | null
}

function planOf(network: Network, data: Data, options: TrainOptions): Plan {
  const source = openData(data, names(network))
  const batchSize = positive('batchSize', options.batchSize ?? 32)
  if ([...network.parameters.values()].every(({ trainable }) => !trainable)) {
    throw failure('train/no-weights', network.graph.name, 'has no weights to train', 'add a layer with weights, such as dense or conv2d')
  }
  return {
    source, batchSize,
    validation: options.validation === undefined ? null : openData(options.validation, names(network)),
    losses: lossesFor(network, options.loss),
    optimizer: options.optimizer ?? adam(),
    epochs: positive('epochs', options.epochs ?? 1),
    seed: options.seed ?? network.seed,
    shuffle: options.shuffle ?? true,
    steps: source.count === null ? null : Math.ceil(source.count / batchSize),
    checkpoint: options.checkpoint ?? null,
  }
}

function startPosition({ optimizer, seed, batchSize }: Plan): Position {
  return { optimizer: optimizer.name, seed, batchSize, updates: 0, epoch: 1, batch: 0, ...NOTHING, seconds: 0, history: [] }
}

function checkResumed(plan: Plan, position: Position): void {
  for (const key of ['seed', 'batchSize'] as const) {
    if (position[key] === plan[key]) continue
    throw failure('train/resume', key, `is ${plan[key]}, but the checkpoint was made with ${position[key]}`, `give ${key}: ${position[key]}`)
  }
}

/** Batches with word of whether more follow. */
async function* withLast(batches: AsyncIterable<Batch>): AsyncGenerator<{ readonly batch: Batch; readonly last: boolean }> {
  let held: Batch | null = null
  for await (const batch of batches) {
    if (held !== null) yield { batch: held, last: false }
    held = batch
  }
  if (held !== null) yield { batch: held, last: true }
}

const now = (): number => performance.now() / 1000

function secondsLeft({ epochs, source }: Plan, { epoch, seen }: Position, imagesPerSecond: number): number | null {
  return source.count === null ? null : ((epochs - epoch + 1) * source.count - seen) / imagesPerSecond
}

/** The training as it goes: its plan, where it is, what the optimizer keeps. */
interface Training {
  readonly network: Network
  readonly plan: Plan
  readonly slots: Slots
  position: Position
}

function makeUpdate({ network, plan, slots, position }: Training, batch: Batch): Score & { readonly learningRate: number } {
  const { steps, epochs, optimizer, losses, seed } = plan
  const at: Progress = { step: position.updates, steps: steps === null ? null : steps * epochs, epoch: position.epoch - 1, epochs }
  const learningRate = rateAt(optimizer.learningRate, at)
  const result = trainStep(network, batch, losses, {
    seed: mixSeed(seed, position.updates),
    check: position.updates === 0,
    update: (learned) => optimizer.update(
      learned.map(({ parameter: { name, tensor }, gradient }) => ({ weight: tensor, gradient, slots: slots.get(name) ?? [] })),
      { learningRate, step: position.updates + 1 },
    ),
  })
  return { ...result, learningRate }
}

async function endEpoch({ network, plan, position }: Training, learningRate: number): Promise<EpochRecord> {
  const { validation, losses, batchSize } = plan
  const validated = validation === null ? null : await evaluateSource(network, validation, losses, Math.max(batchSize, 128))
  const { loss, accuracy } = means(position)
  return {
    epoch: position.epoch, loss, accuracy, validationLoss: validated?.loss ?? null,
    validationAccuracy: validated?.accuracy ?? null, learningRate, seconds: position.seconds,
  }
}

async function* trainEpoch(training: Training): AsyncGenerator<TrainStep> {
  const { network, plan } = training
  const { epoch, batch: done } = training.position
  const order = { batchSize: plan.batchSize, shuffle: plan.shuffle ? epochSeed(plan.seed, epoch) : null }
  const breathe = makeBreathe()
  let index = 0
  for await (const { batch, last } of withLast(plan.source.batches(order))) {
    if (index++ < done) continue
    const start = now()
    checkLabels(batch, plan.losses)
    const { learningRate, ...result } = makeUpdate(training, batch)
    await breathe()
    const before = training.position
    training.position = {
      ...before, ...addUp(before, result, batch.size), updates: before.updates + 1, batch: index,
      seconds: before.seconds + now() - start,
    }
    const mean = means(training.position)
    const imagesPerSecond = training.position.seen / training.position.seconds
    const epochEnd = last ? await endEpoch(training, learningRate) : null
    const history = epochEnd === null ? before.history : [...before.history, epochEnd]
    const step: TrainStep = {
      epoch, epochs: plan.epochs, step: index, steps: plan.steps, ...result, meanLoss: mean.loss, meanAccuracy: mean.accuracy,
      imagesPerSecond, secondsLeft: secondsLeft(plan, training.position, imagesPerSecond), learningRate, epochEnd, history,
    }
    if (epochEnd !== null) {
      training.position = {
        ...training.position, ...NOTHING, epoch: epoch + 1, batch: 0, seconds: 0, history,
      }
      if (plan.checkpoint !== null) await saveCheckpoint(plan.checkpoint, network, { ...training, optimizer: plan.optimizer })
    }
    yield step
  }
}

/**
 * Trains the network and yields after every update. To stop, leave the loop: the weights are those of the last update.
 *
 * The same seed, data and options give the same weights, to the bit, on one machine.
 *
 * @throws LayergraphError `train/nan-loss`, `train/…` for options, `data/…` for data that does not fit, `store/…` for a
 *   checkpoint that cannot be read.
 */
export async function* train(network: Network, data: Data, options: TrainOptions = {}): AsyncGenerator<TrainStep, void, void> {
  const plan = planOf(network, data, options)
  const resumed = options.resume === undefined ? null : await loadCheckpoint(options.resume, network, plan.optimizer)
  const training: Training = {
    network, plan, slots: resumed?.slots ?? makeSlots(network, plan.optimizer), position: resumed?.position ?? startPosition(plan),
  }
  try {
    checkResumed(plan, training.position)
    while (training.position.epoch <= plan.epochs) yield* trainEpoch(training)
  } finally {
    // Reached in the middle of an epoch when the consumer leaves the loop.
    if (plan.checkpoint !== null && training.position.batch > 0) {
      await saveCheckpoint(plan.checkpoint, network, { ...training, optimizer: plan.optimizer })
    }
    disposeSlots(training.slots)
  }
}
