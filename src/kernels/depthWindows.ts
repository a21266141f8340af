/**
 * Windows along the depth of a volume, laid out as channels:
 *
 *     y[b, i, pixel, g, p, c] = x[b, i·stride + p·dilation − front, pixel, g, c]
 *
 * with zeros outside the volume; x is [batch, depth, height, width, channels], g and c are group and channel of the
 * group, p the position in the window. A three-dimensional convolution is a two-dimensional one of these images, whose
 * filters have the depth among their channels; the gradient adds every plane's places up.
 */

import type { Tensor5D, TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, runKernel } from './define.ts'
import * as reference from './reference/depthWindows.ts'
import { expectCounts, expectShape } from './shapes.ts'

/** A window along one axis. */
export type DepthWindow = {
  readonly taps: number
  readonly stride: number
  readonly dilation: number
  /** Zeros in front of the first plane. */
  readonly front: number
  readonly outDepth: number
  readonly groups: number
}

/** x as [batch, depth, count, block]: `count` blocks of channels of one group in a plane. */
export type DepthWindowSizes = Omit<DepthWindow, 'groups'> & {
  readonly batch: number
  readonly depth: number
  readonly count: number
  readonly block: number
}

type Shape5 = readonly [batch: number, depth: number, height: number, width: number, channels: number]
type Attrs = DepthWindow & { readonly shape: Shape5 }

function sizesOf({ shape: [batch, depth, height, width, channels], groups, ...window }: Attrs): DepthWindowSizes {
  return { ...window, batch, depth, count: height * width * groups, block: channels / groups }
}

function windowsShape({ shape: [batch, , height, width, channels], outDepth, taps }: Attrs): Shape5 {
  return [batch, outDepth, height, width, taps * channels]
}

/** Everything between the two pointers of the assembly. */
const numbers = ({ taps, stride, dilation, front, outDepth }: DepthWindow) => [taps, stride, dilation, front, outDepth] as const

const depthWindowsKernel = defineKernel<{ x: TensorInfo }, Attrs>({
  name: 'LayergraphDepthWindows',
  wasm({ asm, pointer, output }, { x }, attrs) {
    const { batch, depth, count, block } = sizesOf(attrs)
    const y = output(windowsShape(attrs))
    asm.depthWindows(batch, depth, count, block, pointer(x), ...numbers(attrs), pointer(y))
    return y
  },
  reference: ({ x }, attrs) =>
    ({ shape: windowsShape(attrs), values: reference.depthWindows(x.values, sizesOf(attrs)) }),
})

const depthWindowsGradientKernel = defineKernel<{ dy: TensorInfo }, Attrs>({
  name: 'LayergraphDepthWindowsGradient',
  wasm({ asm, pointer, output }, { dy }, attrs) {
    const { batch, depth, count, block } = sizesOf(attrs)
    const dx = output(attrs.shape)
    asm.depthWindowsGradient(batch, depth, count, block, pointer(dx), ...numbers(attrs), pointer(dy))
    return dx
  },
  reference: ({ dy }, attrs) =>
    ({ shape: attrs.shape, values: reference.depthWindowsGradient(dy.values, sizesOf(attrs)) }),
})

function checked(what: string, shape: readonly number[], window: DepthWindow): Attrs {
  if (shape.length !== 5) {
    throw new RangeError(`${what}: [${shape}] is not [batch, depth, height, width, channels].`)
  }
  expectCounts(`${what}: a number of the window`, [window.front, window.outDepth])
  expectCounts(`${what}: a number of the window less one`, [window.taps - 1, window.stride - 1, window.dilation - 1, window.groups - 1])
  if (shape[4]! % window.groups !== 0) throw new RangeError(`${what}: ${window.groups} groups do not divide ${shape[4]} channels.`)
  return { ...window, shape: shape as unknown as Shape5 }
}

/** [batch, outDepth, height, width, taps · channels]. Throws when x has not five axes or a number is no count. */
export function depthWindows(x: Tensor5D, window: DepthWindow): Tensor5D {
  return runKernel(depthWindowsKernel, { x }, checked('depthWindows', x.shape, window))
}

/** dx of shape `inputShape` from the gradient dy of the windows. Throws when the shapes do not match. */
export function depthWindowsGradient(dy: Tensor5D, inputShape: Tensor5D['shape'], window: DepthWindow): Tensor5D {
  const attrs = checked('depthWindowsGradient', inputShape, window)
  expectShape('depthWindowsGradient: dy', dy, windowsShape(attrs))
  return runKernel(depthWindowsGradientKernel, { dy }, attrs)
}

export const depthWindowsKernels = [depthWindowsKernel, depthWindowsGradientKernel]
