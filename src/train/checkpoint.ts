// checkpoint.safetensors: everything a training needs to go on as if it had not stopped. One file, so that it is always
// of one moment.
//
//   weights/<name>             every weight
//   optimizer/<slot>/<name>    what the optimizer keeps of it
//   metadata.training          JSON: where the training is
import { keep, tidy, zeros } from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { failure } from '../spec/issue.ts'
import { parseConfig } from '../spec/config.ts'
import { fileIn, writeAtomic } from '../platform/files.ts'
import { decodeTensors, encodeTensors } from '../store/bytes.ts'
import { readTensors } from '../store/save.ts'
import type { StoredTensor } from '../store/safetensors.ts'
import type { Network } from '../runtime/network.ts'
import { hold, type Parameter, readArray, type WeightArray, type WeightArrays } from '../runtime/weights.ts'
import type { Tensor } from '@tensorflow/tfjs-core'
import { type History, historySchema } from './history.ts'
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
  history: historySchema,
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

/** Where a checkpoint goes: a directory, or a function that takes the bytes of the file. */
export type CheckpointTarget = string | ((file: Uint8Array) => void | Promise<void>)

/** What a training goes on from: a directory, or the bytes of the file. */
export type CheckpointSource = string | Uint8Array

/** Writes the checkpoint; into a directory atomically. */
export async function saveCheckpoint(
  target: CheckpointTarget, network: Network, { slots, optimizer, position }: { slots: Slots; optimizer: Optimizer; position: Position },
): Promise<void> {
  const tensors: Record<string, StoredTensor> = {}
  for (const [name, weight] of Object.entries(network.weights())) tensors[`weights/${name}`] = weight
  for (const [name, kept] of slots) {
    for (const [index, slot] of optimizer.slots.entries()) tensors[`optimizer/${slot}/${name}`] = readArray(kept[index] as Tensor)
  }
  const file = encodeTensors(network.graph.toJSON(), { tensors, metadata: { training: JSON.stringify(position) } })
  if (typeof target === 'string') await writeAtomic(fileIn(target, CHECKPOINT_FILE), file)
  else await target(file)
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
 * Puts the checkpoint of `source` into the network's weights and returns the rest of it.
 *
 * @throws LayergraphError `store/…` for a missing, damaged or foreign file, `train/resume` for another optimizer.
 */
export async function loadCheckpoint(
  source: CheckpointSource, network: Network, optimizer: Optimizer,
): Promise<{ readonly slots: Slots; readonly position: Position }> {
  const path = typeof source === 'string' ? fileIn(source, CHECKPOINT_FILE) : 'checkpoint'
  const document = network.graph.toJSON()
  const { tensors, metadata } = typeof source === 'string'
    ? await readTensors(path, document) : decodeTensors(source, path, document)
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
