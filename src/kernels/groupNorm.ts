/**
 * Standardising within each sample, what layer, group and instance normalisation have in common:
 *
 *     y = (x − mean) · s,  s = 1 / √(variance + ε)       dx = s · (dy − mean(dy) − y · mean(dy·y))
 *
 * x is read as [samples, positions, groups, width], and means and variances (biased) are those of each sample and group, over
 * positions and width. Layer normalisation has a sample for each pixel and one group; group normalisation has a sample for
 * each image; with width 1 it is instance normalisation. Sums are in double precision, in two passes.
 */

import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/groupNorm.ts'
import { expectShape, lastOf, sizeOf } from './shapes.ts'

export type StandardizeAttrs = {
  /** How many samples the leading axes make. */
  readonly samples: number
  /** Into how many groups the last axis is parted. */
  readonly groups: number
  readonly epsilon: number
}

/** The four sizes of what x is read as. */
export type Grouping = {
  readonly samples: number
  readonly positions: number
  readonly groups: number
  readonly width: number
}

function groupingOf(shape: readonly number[], { samples, groups }: Omit<StandardizeAttrs, 'epsilon'>): Grouping {
  const channels = lastOf(shape)
  return { samples, positions: sizeOf(shape) / samples / channels, groups, width: channels / groups }
}

const sizes = ({ samples, positions, groups, width }: Grouping) => [samples, positions, groups, width] as const

const standardizeKernel = defineKernel<{ x: TensorInfo }, StandardizeAttrs>({
  name: 'LayergraphStandardize',
  wasm({ asm, pointer, output }, { x }, attrs) {
    const y = output(x.shape)
    const scales = output([attrs.samples, attrs.groups])
    asm.standardize(...sizes(groupingOf(x.shape, attrs)), pointer(x), pointer(y), pointer(scales), attrs.epsilon)
    return [y, scales]
  },
  reference({ x }, attrs) {
    const [y, scales] = reference.standardize(x.values, groupingOf(x.shape, attrs), attrs.epsilon)
    return [{ shape: x.shape, values: y }, { shape: [attrs.samples, attrs.groups], values: scales }]
  },
})

type GradientInputs = { dy: TensorInfo; y: TensorInfo; scales: TensorInfo }
type GradientAttrs = Readonly<Record<string, never>>

const ofScales = ({ shape }: { readonly shape: readonly number[] }) => ({ samples: shape[0]!, groups: shape[1]! })

const standardizeGradientKernel = defineKernel<GradientInputs, GradientAttrs>({
  name: 'LayergraphStandardizeGradient',
  wasm({ asm, pointer, output }, { dy, y, scales }) {
    const dx = output(y.shape)
    const grouping = groupingOf(y.shape, ofScales(scales))
    asm.standardizeGradient(...sizes(grouping), pointer(dy), pointer(y), pointer(scales), pointer(dx))
    return dx
  },
  reference: ({ dy, y, scales }) => ({
    shape: y.shape,
    values: reference.standardizeGradient(dy.values, y.values, scales.values, groupingOf(y.shape, ofScales(scales))),
  }),
})

/**
 * [y, s] with s [samples, groups]. Throws when the samples do not part x evenly, or the groups its last axis.
 */
export function standardize<T extends Tensor>(x: T, attrs: StandardizeAttrs): [T, Tensor] {
  const { positions, width } = groupingOf(x.shape, attrs)
  if (!Number.isInteger(positions) || !Number.isInteger(width)) {
    throw new RangeError(`standardize: [${x.shape}] does not part into ${attrs.samples} samples and ${attrs.groups} groups.`)
  }
  return runKernel(standardizeKernel, { x }, attrs)
}

/** dx from the gradient dy of y, and both results of `standardize`. Throws when dy and y differ in shape. */
export function standardizeGradient<T extends Tensor>(dy: T, y: T, scales: Tensor): T {
  expectShape('standardizeGradient: dy', dy, y.shape)
  return runKernel(standardizeGradientKernel, { dy, y, scales }, {})
}

export const groupNormKernels = [standardizeKernel, standardizeGradientKernel]
