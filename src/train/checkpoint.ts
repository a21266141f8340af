// checkpoint.safetensors: everything a training needs to go on as if it had not stopped. One file, so that it is always
// of one moment.
//
//   weights/<name>             every weight
//   optimizer/<slot>/<name>    what the optimizer keeps of it
//   metadata.training          JSON: where the training is
import { join } from 'node:path'
import { keep, tidy, zeros } from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { failure } from '../spec/issue.ts'
import { parseConfig } from '../spec/config.ts'
import { readTensors, writeTensors } from '../store/save.ts'
import type { StoredTensor } from '../store/safetensors.ts'
import type { Network } from '../runtime/network.ts'
import { hold, type Parameter, readArray, type WeightArray, type WeightArrays } from '../runtime/weights.ts'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { History } from './history.ts'
import type { Optimizer } from './optimizers.ts'

export const CHECKPOINT_FILE = 'checkpoint.safetensors'

/** What the optimizer keeps: tensors by weight, in the order of its slots. */
export type Slots = Map<string, readonly Tensor[]>

/** Where a training is. */
export interface Position {
  readonly optimizer: string
  readonly seed: number
  readonly batchSize: number
  /** Updates made. */
  readonly updates: number
  /** The epoch to go on with, from 1, and how many of its batches are done. */
  readonly epoch: number
  readonly batch: number
  /** Of the batches that are done in this epoch: number of examples, and sums over them. */
  readonly seen: number
  readonly lossSum: number
  readonly accuracySum: number | null
  readonly seconds: number
  readonly history: History
}

const count = z.int().nonnegative()
const positionSchema: z.ZodType<Position> = z.object({
  optimizer: z.string(), seed: z.number(), batchSize: count, updates: count, epoch: count, batch: count, seen: count,
  lossSum: z.number(), accuracySum: z.number().nullable(), seconds: z.number(),
  history: z.array(z.object({
    epoch: count, loss: z.number(), accuracy: z.number().nullable(), validationLoss: z.number().nullable(),
    validationAccuracy: z.number().nullable(), learningRate: z.number(), seconds: z.number(),
  })),
})

/** Slots of zeros for every weight that is trained. */
export function makeSlots(network: Network, optimizer: Optimizer): Slots {
  const slots: Slots = new Map()
  for (const { name, shape, trainable } of network.parameters.values()) {
    if (!trainable) continue
    const made = optimizer.slots.map(() => {
      let tensor: Tensor | undefined
      network.on(() => { tensor = keep(zeros([...shape])) })
      return tensor as Tensor
    })
    slots.set(name, made)
  }
  return slots
}

export function disposeSlots(slots: Slots): void {
  for (const tensors of slots.values()) for (const tensor of tensors) tensor.dispose()
  slots.clear()
}

/** Writes the checkpoint into `directory`, atomically. */
export async function saveCheckpoint(
  directory: string, network: Network, { slots, optimizer, position }: { slots: Slots; optimizer: Optimizer; position: Position },
): Promise<void> {
  const tensors: Record<string, StoredTensor> = {}
  for (const [name, weight] of Object.entries(network.weights())) tensors[`weights/${name}`] = weight
  for (const [name, kept] of slots) {
    for (const [index, slot] of optimizer.slots.entries()) tensors[`optimizer/${slot}/${name}`] = readArray(kept[index] as Tensor)
  }
  await writeTensors(join(directory, CHECKPOINT_FILE), network.graph.toJSON(), {
    tensors, metadata: { training: JSON.stringify(position) },
  })
}

function readPosition(metadata: Readonly<Record<string, string>>, path: string): Position {
  if (metadata.training === undefined) throw failure('store/corrupt', path, 'says nothing of a training', 'use a file that a training wrote')
  let json: unknown
  try {
    json = JSON.parse(metadata.training)
  } catch (error) {
    throw failure('store/corrupt', path, 'its account of the training is not JSON', 'the file is damaged', error)
  }
  return parseConfig(positionSchema, json, path)
}

function under(tensors: Readonly<Record<string, StoredTensor>>, prefix: string): WeightArrays {
  return Object.fromEntries(Object.entries(tensors)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, { data, shape }]) => [name.slice(prefix.length), { data: data as Float32Array, shape }]))
}

function checkSlot(slot: WeightArray | undefined, parameter: Parameter, path: string): WeightArray {
  const fits = slot?.data instanceof Float32Array && JSON.stringify(slot.shape) === JSON.stringify(parameter.shape)
  if (fits) return slot as WeightArray
  throw failure('store/corrupt', path, `does not have what the optimizer keeps of ${parameter.name}`, 'train from the start')
}

/**
 * Puts the checkpoint of `directory` into the network's weights and returns the rest of it.
 *
 * @throws LayergraphError `store/…` for a missing, damaged or foreign file, `train/resume` for another optimizer.
 */
export async function loadCheckpoint(
  directory: string, network: Network, optimizer: Optimizer,
): Promise<{ readonly slots: Slots; readonly position: Position }> {
  const path = join(directory, CHECKPOINT_FILE)
  const { tensors, metadata } = await readTensors(path, network.graph.toJSON())
  const position = readPosition(metadata, path)
  if (position.optimizer !== optimizer.name) {
    throw failure('train/resume', path, `was trained with ${position.optimizer}, not with ${optimizer.name}`, `use ${position.optimizer}`)
  }
  const arrays = [...network.parameters.values()].filter(({ trainable }) => trainable).map((parameter) => [
    parameter.name,
    optimizer.slots.map((slot) => checkSlot(under(tensors, `optimizer/${slot}/`)[parameter.name], parameter, path)),
  ] as const)
  network.setWeights(under(tensors, 'weights/'), { at: path, partial: false })
  const slots: Slots = new Map(arrays.map(([name, kept]) => [name, tidy(() => kept.map(hold))]))
  return { slots, position }
}
