/**
 * What a standard kernel is: a kernel under a name of TensorFlow.js itself, for the wasm backend.
 *
 * Our kernels have names and attributes of their own. A page in this folder translates: `attrs` as tfjs-core passes
 * them (numbers or pairs, 'same' or 'valid', NHWC or NCHW) into the attributes of a page of ours, and back. What no page
 * of ours covers goes to the kernel that stood there before.
 */

import { getKernel } from '@tensorflow/tfjs-core'
import type { KernelBackend, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core'
import type { KernelContext } from '../bridge.ts'
import { sizeOf } from '../shapes.ts'
import type { Shape } from '../shapes.ts'

/** What a standard kernel may use. */
export type Call = {
  readonly context: KernelContext
  /** Runs another kernel of the backend, by its name, on the result of a page or on an input. */
  run(name: string, inputs: NamedTensorInfoMap, attrs?: object): TensorInfo
  /** Another tensor on the same values, without a copy. The values live until both are given back. */
  share(tensor: TensorInfo, shape: Shape): TensorInfo
  /** The values of a tensor of whole numbers. */
  integers(tensor: TensorInfo): Int32Array
  /** A new tensor of whole numbers. */
  fromIntegers(values: Int32Array): TensorInfo
  /** Gives back tensors that were made on the way. */
  release(...tensors: readonly TensorInfo[]): void
}

/** One kernel, by the name under which tfjs-core calls it. */
export type StandardKernel = {
  readonly name: string
  /** Whether the page covers the case. Without it: when all inputs are float32. */
  readonly covers: (inputs: NamedTensorInfoMap, attrs: NamedAttrMap) => boolean
  readonly run: (call: Call, inputs: NamedTensorInfoMap, attrs: NamedAttrMap) => TensorInfo | TensorInfo[]
}

type Typed<Inputs, Attrs> = {
  readonly name: string
  readonly covers?: (inputs: Inputs, attrs: Attrs) => boolean
  readonly run: (call: Call, inputs: Inputs, attrs: Attrs) => TensorInfo | TensorInfo[]
}

/** Whether every input is float32, the only type the pages compute with. */
export function areFloats(inputs: NamedTensorInfoMap): boolean {
  return Object.values(inputs).every(tensor => tensor == null || tensor.dtype === 'float32')
}

/** Types the definition by the inputs and attributes that tfjs-core declares; registers nothing. */
export function defineStandard<Inputs, Attrs>(definition: Typed<Inputs, Attrs>): StandardKernel {
  return { covers: areFloats, ...definition } as StandardKernel
}

/** The members of tfjs-backend-wasm 4 that standard kernels stand on, beside those of the bridge. */
type CountingBackend = KernelBackend & {
  incRef(dataId: object): void
  makeOutput(shape: number[], dtype: 'int32', address: undefined, values: Int32Array): TensorInfo
}

/** What a kernel may use on this backend. */
export function makeCall(context: KernelContext, backend: KernelBackend): Call {
  const counting = backend as CountingBackend
  return {
    context,
    run: (name, inputs, attrs = {}) => {
      const config = getKernel(name, 'wasm')
      if (config == null) throw new Error(`The wasm backend has no kernel ${name}.`)
      return config.kernelFunc({ inputs, backend, attrs: attrs as NamedAttrMap }) as TensorInfo
    },
    share: (tensor, shape) => {
      if (sizeOf(shape) !== sizeOf(tensor.shape)) {
        throw new RangeError(`[${tensor.shape}] has not as many values as [${shape}].`)
      }
      counting.incRef(tensor.dataId)
      return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype }
    },
    integers: tensor => backend.readSync(tensor.dataId) as Int32Array,
    fromIntegers: values => counting.makeOutput([values.length], 'int32', undefined, values),
    release: (...tensors) => {
      for (const { dataId } of tensors) backend.disposeData(dataId)
    },
  }
}
