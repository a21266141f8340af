// What a layer stores, before anything is allocated.
import type { EnlargingInitializer } from './config.ts'
import type { Dims } from './tensor.ts'

/** One weight tensor of a layer. Its full name is `nodeId/name`. */
export interface WeightSpec {
  /** Keras' name: kernel, bias, gamma, beta, movingMean, movingVariance. */
  readonly name: string
  /** `null` where a size depends on an input size that is not known. */
  readonly shape: Dims
  readonly initializer: EnlargingInitializer
  /** Updated by the optimizer; moving statistics are not. */
  readonly trainable: boolean
  /** Connections into and out of one unit: the scale of glorot and he initializers. */
  readonly fans?: { readonly in: number; readonly out: number }
}
