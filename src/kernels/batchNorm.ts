/**
 * Batch normalisation of channels, the last axis, and an activation behind it; all other axes are rows.
 *
 *     mean[c] = Σ x / rows        variance[c] = Σ (x − mean)² / rows        i[c] = 1 / √(variance + ε)
 *     z = (x − mean)·i·gamma + beta        y = activation(z)        dz = dy where the activation's slope is 1, else 0
 *     dgamma = Σ dz·(x − mean)·i        dbeta = Σ dz
 *     dx = gamma·i·(dz − dbeta/rows − (x − mean)·i·dgamma/rows)     when mean and variance are those of x
 *     dx = gamma·i·dz                                               when they are constants (inference)
 *
 * S. Ioffe and C. Szegedy, "Batch Normalization", 2015. Rows are read once by each: the statistics, y, the two sums, dx.
 * The gradient needs x and not y: it finds z again. The sums are floats for a block of rows and doubles between blocks
 * (assembly/columns.ts), so that neither the number of rows nor a mean far from zero costs precision. A missing gamma
 * is 1, a missing beta 0.
 */

import type { Tensor, Tensor1D, TensorInfo } from '@tensorflow/tfjs-core'
import type { KernelContext } from './bridge.ts'
import { defineKernel, runKernel } from './define.ts'
import type { PlainTensor } from './define.ts'
import { boundsOf, type FusedActivation } from './fused.ts'
import * as reference from './reference/batchNorm.ts'
import { expectShape, lastOf, rowsOf } from './shapes.ts'

type NoAttrs = Readonly<Record<string, never>>
type ApplyAttrs = { readonly epsilon: number; readonly activation: FusedActivation }
type ApplyInputs = {
  x: TensorInfo
  mean: TensorInfo
  variance: TensorInfo
  gamma: TensorInfo | null
  beta: TensorInfo | null
}
type GradientInputs = ApplyInputs & { dy: TensorInfo }
type GradientAttrs = ApplyAttrs & { readonly constantStatistics: boolean }

/** The address of an optional tensor; 0 says that it is missing. */
const optional = ({ pointer }: KernelContext, tensor: TensorInfo | null): number =>
  tensor ? pointer(tensor) : 0

export const channelMomentsKernel = defineKernel<{ x: TensorInfo }, NoAttrs>({
  name: 'LayergraphChannelMoments',
  wasm({ asm, pointer, output, scratch }, { x }) {
    const channels = lastOf(x.shape)
    const [mean, variance] = [output([channels]), output([channels])]
    const room = scratch(asm.columnScratch(channels))
    asm.channelMoments(rowsOf(x.shape), channels, pointer(x), pointer(mean), pointer(variance), room)
    return [mean, variance]
  },
  reference({ x }) {
    const channels = lastOf(x.shape)
    return reference.channelMoments(x.values, channels).map((values) => ({ shape: [channels], values }))
  },
})

export const batchNormKernel = defineKernel<ApplyInputs, ApplyAttrs>({
  name: 'LayergraphBatchNorm',
  wasm(context, { x, mean, variance, gamma, beta }, { epsilon, activation }) {
    const { asm, pointer, output, scratch } = context
    const y = output(x.shape)
    const channels = lastOf(x.shape)
    const scaling = [optional(context, gamma), optional(context, beta), epsilon, ...boundsOf(activation)] as const
    const statistics = [pointer(mean), pointer(variance)] as const
    const room = scratch(asm.columnScratch(channels))
    asm.batchNormApply(rowsOf(x.shape), channels, pointer(x), ...statistics, ...scaling, pointer(y), room)
    return y
  },
  reference({ x, mean, variance, gamma, beta }, { epsilon, activation }) {
    const scaling = [gamma?.values ?? null, beta?.values ?? null, epsilon, activation] as const
    const values = reference.batchNormApply(x.values, mean.values, variance.values, ...scaling)
    return { shape: x.shape, values }
  },
})

export const batchNormGradientKernel = defineKernel<GradientInputs, GradientAttrs>({
  name: 'LayergraphBatchNormGradient',
  wasm(context, { dy, x, mean, variance, gamma, beta }, { epsilon, activation, constantStatistics }) {
    const { asm, pointer, output, scratch } = context
    const channels = lastOf(x.shape)
    const [dx, dgamma, dbeta] = [output(x.shape), output([channels]), output([channels])]
    const room = scratch(asm.columnScratch(channels))
    const given = [
      rowsOf(x.shape),
      channels,
      pointer(dy),
      pointer(x),
      pointer(mean),
      pointer(variance),
      optional(context, gamma),
      optional(context, beta),
      epsilon,
      ...boundsOf(activation),
      pointer(dgamma),
      pointer(dbeta),
    ] as const
    asm.batchNormSums(...given, room)
    asm.batchNormGradient(...given, constantStatistics, pointer(dx), room)
    return [dx, dgamma, dbeta]
  },
  reference({ dy, x, mean, variance, gamma, beta }, attrs) {
    const [dx, dgamma, dbeta] = reference.batchNormGradient(dy.values, x.values, {
      ...attrs,
      mean: mean.values,
      variance: variance.values,
      gamma: gamma?.values ?? null,
      beta: beta?.values ?? null,
    })
    const perChannel = (values: Float32Array): PlainTensor => ({ shape: mean.shape, values })
    return [{ shape: x.shape, values: dx }, perChannel(dgamma), perChannel(dbeta)]
  },
})

/** Every tensor but x has one value per channel. */
function checkChannels(what: string, x: Tensor, perChannel: Readonly<Record<string, Tensor1D | null>>): void {
  for (const [name, tensor] of Object.entries(perChannel)) {
    if (tensor !== null) expectShape(`${what}: ${name}`, tensor, [lastOf(x.shape)])
  }
}

/** [mean, variance] of each channel of x, the variance divided by the number of rows. */
export function channelMoments(x: Tensor): [mean: Tensor1D, variance: Tensor1D] {
  return runKernel(channelMomentsKernel, { x }, {})
}

/**
 * activation(z) of x and given statistics. `activation`: 'linear' (default), 'relu' or 'relu6'. Throws when a tensor has
 * not one value per channel.
 */
export function batchNormApply<T extends Tensor>(
  x: T,
  mean: Tensor1D,
  variance: Tensor1D,
  gamma: Tensor1D | null,
  beta: Tensor1D | null,
  epsilon: number,
  activation: FusedActivation = 'linear',
): T {
  checkChannels('batchNormApply', x, { mean, variance, gamma, beta })
  return runKernel(batchNormKernel, { x, mean, variance, gamma, beta }, { epsilon, activation })
}

type Gradients<T> = [dx: T, dgamma: Tensor1D, dbeta: Tensor1D]

/** The activation of batchNormApply, default 'linear', and the beta that it was given, which only an activation needs. */
export type BatchNormActivation = { readonly activation?: FusedActivation; readonly beta?: Tensor1D | null }

function gradient<T extends Tensor>(
  what: string,
  inputs: { dy: T; x: T; mean: Tensor1D; variance: Tensor1D; gamma: Tensor1D | null; beta: Tensor1D | null },
  attrs: GradientAttrs,
): Gradients<T> {
  const { dy, x, ...perChannel } = inputs
  expectShape(`${what}: dy`, dy, x.shape)
  checkChannels(what, x, perChannel)
  return runKernel(batchNormGradientKernel, inputs, attrs)
}

/** Gradients when `mean` and `variance` are those of x (training): they depend on x, and dx says so. */
export function batchNormGradient<T extends Tensor>(
  dy: T,
  x: T,
  mean: Tensor1D,
  variance: Tensor1D,
  gamma: Tensor1D | null,
  epsilon: number,
  { activation = 'linear', beta = null }: BatchNormActivation = {},
): Gradients<T> {
  const inputs = { dy, x, mean, variance, gamma, beta }
  return gradient('batchNormGradient', inputs, { epsilon, activation, constantStatistics: false })
}

/** Gradients when `mean` and `variance` are constants (moving averages). */
export function batchNormInferenceGradient<T extends Tensor>(
  dy: T,
  x: T,
  mean: Tensor1D,
  variance: Tensor1D,
  gamma: Tensor1D | null,
  epsilon: number,
  { activation = 'linear', beta = null }: BatchNormActivation = {},
): Gradients<T> {
  const inputs = { dy, x, mean, variance, gamma, beta }
  return gradient('batchNormInferenceGradient', inputs, { epsilon, activation, constantStatistics: true })
}

export const batchNormKernels = [channelMomentsKernel, batchNormKernel, batchNormGradientKernel]
