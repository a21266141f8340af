/**
 * What a kernel is: a name, a binding to our WebAssembly module, and a plain reference.
 *
 * A definition is data. `installKernels` registers it with TensorFlow.js, `runKernel` here calls it.
 */

import { engine, getKernel } from '@tensorflow/tfjs-core'
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import type { KernelContext } from './bridge.ts'
import { hasSimd, WITHOUT_SIMD } from './simd.ts'

/** What the reference implementations read and write: float32 values in row-major order. */
export type PlainTensor = {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Optional tensors (a bias, a velocity) are null when absent. */
export type KernelInputs = Readonly<Record<string, TensorInfo | null>>

type Plain<Inputs extends KernelInputs> = {
  readonly [Name in keyof Inputs]: Inputs[Name] extends TensorInfo ? PlainTensor : PlainTensor | null
}

/**
 * One kernel. All tensors are float32.
 *
 * `wasm` gets the tensors of the wasm backend and answers with tensors made by `context.output`; `reference`
 * gets the same tensors as arrays and answers with arrays. A kernel that works in place writes into its inputs
 * and answers with `[]`.
 */
export type KernelDefinition<Inputs extends KernelInputs = never, Attrs = never> = {
  readonly name: `Layergraph${string}`
  readonly wasm: (context: KernelContext, inputs: Inputs, attrs: Attrs) => TensorInfo | TensorInfo[]
  readonly reference: (inputs: Plain<Inputs>, attrs: Attrs) => PlainTensor | PlainTensor[]
}

/** Types the definition; registers nothing. */
export function defineKernel<Inputs extends KernelInputs, Attrs>(
  definition: KernelDefinition<Inputs, Attrs>,
): KernelDefinition<Inputs, Attrs> {
  return definition
}

type TensorsFor<Inputs extends KernelInputs> = {
  readonly [Name in keyof Inputs]: Inputs[Name] extends TensorInfo ? Tensor : Tensor | null
}

/** Every input must be float32: the kernels read bytes. */
function checkTypes(name: string, inputs: Readonly<Record<string, Tensor | null>>): void {
  for (const [key, tensor] of Object.entries(inputs)) {
    if (tensor !== null && tensor.dtype !== 'float32') {
      throw new TypeError(`${name}: ${key} is ${tensor.dtype}, but the kernel computes with float32. Cast it first.`)
    }
  }
}

/** TensorFlow.js would say "not registered", which does not tell what to do. */
function checkInstalled(name: string): void {
  const { backendName } = engine()
  if (backendName === null || getKernel(name, backendName) != null) return
  if (backendName === 'wasm' && !hasSimd()) throw new Error(`${name}: ${WITHOUT_SIMD}. Use the backend "cpu", which is slow but has it.`)
  throw new Error(`${name} is not installed for the backend "${backendName}". Call installKernels() first; it has kernels `
    + 'for the backends "wasm" and "cpu".')
}

/**
 * Runs a kernel on the current backend. `Result` is what its `wasm` function answers with, as tensors.
 *
 * Throws when an input is not float32, or when the kernels are not installed for the current backend.
 */
export function runKernel<Inputs extends KernelInputs, Attrs, Result extends Tensor | Tensor[]>(
  kernel: KernelDefinition<Inputs, Attrs>,
  inputs: TensorsFor<Inputs>,
  attrs: Attrs,
): Result {
  checkTypes(kernel.name, inputs)
  checkInstalled(kernel.name)
  const present = Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor !== null))
  return engine().runKernel(kernel.name, present as never, attrs as never) as Result
}
