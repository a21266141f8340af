// An operation with a gradient of its own on the tape of TensorFlow.js.
import { engine, type Tensor } from '@tensorflow/tfjs-core'

type Inputs = Readonly<Record<string, Tensor>>

/** An operation: what it gives, what its gradient needs, and the gradient by each input. */
export interface Recorded<I extends Inputs, T extends Tensor> {
  /** Computes the output. Runs no gradient-recording of its own. */
  readonly forward: () => T
  /** Tensors the gradient reads; they outlive the tensors they come from. Runs after `forward`. */
  readonly save: (output: T) => readonly Tensor[]
  /** The gradient by each input, called only for those that are asked for. What all need is computed before. */
  readonly gradients: (dy: T, saved: readonly Tensor[]) => { readonly [K in keyof I]: () => Tensor }
}

type Tape = {
  runKernelFunc<T extends Tensor>(kernel: {
    inputs: Inputs
    forwardFunc: (backend: unknown, save: (tensors: Tensor[]) => void) => T
    backwardsFunc: (dy: T, saved: Tensor[]) => Record<string, () => Tensor>
  }): T
}

/**
 * Runs an operation and records it.
 *
 * `tf.customGrad` does the same, but computes the gradients by all inputs, also that of the first convolution by the
 * image, which costs as much as the convolution and which nobody reads. The engine beneath it takes functions.
 */
export function record<I extends Inputs, T extends Tensor>(inputs: I, { forward, save, gradients }: Recorded<I, T>): T {
  return (engine() as unknown as Tape).runKernelFunc<T>({
    inputs,
    forwardFunc: (_backend, saveForBackward) => {
      const output = forward()
      saveForBackward([...save(output)])
      return output
    },
    backwardsFunc: (dy, saved) => gradients(dy, saved),
  })
}

/** Runs an operation that is a constant to every gradient. */
export function constant<T extends Tensor | Tensor[]>(forward: () => T): T {
  return record<Inputs, never>({}, { forward: forward as () => never, save: () => [], gradients: () => ({}) })
}
