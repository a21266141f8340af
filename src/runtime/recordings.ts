// Predictions that repeat: the second run for the same shapes is recorded, later ones go past TensorFlow.js.
import { engine, type Tensor } from '@tensorflow/tfjs-core'
import { makePacks, type Packs, type Recording, recordRun } from '../kernels/recording.ts'
import type { Ran, Tensors } from './program.ts'
import type { WeightArray } from './weights.ts'

/** Recordings are kept for this many input shapes. */
const KEPT_SHAPES = 4

/** Larger runs gain too little for the memory that a recording holds. */
const MOST_BYTES = 64 * 2 ** 20

type Shaped = Readonly<Record<string, { readonly shape: readonly number[] }>>

/** Gives the outputs for inputs of the shapes it was found for. */
export type Repeat = (inputs: Readonly<Record<string, ArrayLike<number>>>) => Readonly<Record<string, WeightArray>>

export interface Recordings {
  /** `null` while there is no recording for these shapes. */
  find(inputs: Shaped): Repeat | null
  /** Runs the task, and records it if it has run before. */
  run(inputs: Tensors, task: () => Ran): Ran
  /** To be called when weights have changed, and in the end. */
  forget(): void
}

type Known = { readonly recording: Recording; readonly repeat: Repeat }

const keyOf = (inputs: Shaped): string => Object.entries(inputs).map(([name, { shape }]) => `${name}:${shape.join()}`).sort().join(' ')

function knownOf(recording: Recording, outputs: Tensors): Known {
  const shapes = Object.entries(outputs).map(([name, { shape }]) => [name, shape] as const)
  return {
    recording,
    repeat(inputs) {
      const values = recording.repeat(inputs)
      return Object.fromEntries(shapes.map(([name, shape]) => [name, { data: values[name] as Float32Array, shape: [...shape] }]))
    },
  }
}

/** @param constants The weights, and what was made of them, as they are now. */
export function makeRecordings(constants: () => readonly Tensor[]): Recordings {
  const packs: Packs = makePacks()
  // 'seen': it ran once. 'never': it cannot be recorded.
  const shapes = new Map<string, Known | 'seen' | 'never'>()
  const forget = (): void => {
    for (const known of shapes.values()) if (typeof known === 'object') known.recording.free()
    shapes.clear()
    packs.free()
  }
  // Within tf.grads and its like every operation has to go onto the tape.
  const isFree = (): boolean => !engine().isTapeOn()
  return {
    find(inputs) {
      const known = shapes.get(keyOf(inputs))
      return typeof known === 'object' && isFree() ? known.repeat : null
    },
    run(inputs, task) {
      const key = keyOf(inputs)
      if (!isFree() || shapes.get(key) === 'never') return task()
      if (shapes.get(key) === undefined) {
        if (shapes.size >= KEPT_SHAPES) forget()
        const ran = task()
        shapes.set(key, 'seen')
        return ran
      }
      const { ran, recording } = recordRun({ inputs, constants: constants(), packs, mostBytes: MOST_BYTES }, task)
      shapes.set(key, recording === null ? 'never' : knownOf(recording, ran.outputs))
      return ran
    },
    forget,
  }
}
