// Sliding windows: the arithmetic that convolution and pooling share.
import type { Padding, Pair, Sides } from './config.ts'
import type { WindowRule } from './field.ts'
import type { Inference, Misfit, Site } from './layer.ts'
import type { PoolOptions } from './ops.ts'
import { type Dims, type Size, showDims } from './tensor.ts'

export interface Window {
  readonly size: Pair
  readonly strides: Pair
  readonly dilations: Pair
  readonly padding: Padding
  /** Round the output size up where a last window starts inside the image or its left padding. */
  readonly ceilMode?: boolean
}

/** How far a kernel of k reaches when dilated by d. */
export const reach = (k: number, d: number): number => d * (k - 1) + 1

interface Axis { readonly k: number; readonly s: number; readonly d: number; readonly padding: Padding; readonly ceil: boolean }

function axisOf(window: Window, axis: 0 | 1): Axis {
  return {
    k: window.size[axis], s: window.strides[axis], d: window.dilations[axis],
    padding: window.padding, ceil: window.ceilMode ?? false,
  }
}

/** Zeros before and after; `null` when they depend on a size that is not known. Same padding as TensorFlow's. */
function padsOf({ k, s, d, padding }: Axis, axis: 0 | 1, size: Size): Pair | null {
  if (padding === 'valid') return [0, 0]
  if (padding !== 'same') return padding[axis]
  if (size === null && s > 1) return null
  const total = size === null ? reach(k, d) - 1 : Math.max((Math.ceil(size / s) - 1) * s + reach(k, d) - size, 0)
  return [Math.floor(total / 2), Math.ceil(total / 2)]
}

/** The output size of one axis; `undefined` when the window does not fit. */
function slide(axis: Axis, index: 0 | 1, size: Size): Size | undefined {
  if (size === null) return null
  if (axis.padding === 'same') return Math.ceil(size / axis.s)
  const [before, after] = axis.padding === 'valid' ? [0, 0] : axis.padding[index]
  const room = size + before + after - reach(axis.k, axis.d)
  if (room < 0) return undefined
  if (!axis.ceil) return Math.floor(room / axis.s) + 1
  const out = Math.ceil(room / axis.s) + 1
  return (out - 1) * axis.s >= size + before ? out - 1 : out
}

/** Zeros on each side of the image, or `null` when they depend on sizes that are not known. */
export function windowPads(window: Window, input: Dims): Sides | null {
  const rows = padsOf(axisOf(window, 0), 0, input[0] as Size)
  const columns = padsOf(axisOf(window, 1), 1, input[1] as Size)
  return rows === null || columns === null ? null : [rows, columns]
}

/** The window as a field rule. */
export function windowField(window: Window, input: Dims): WindowRule {
  const { size, strides, dilations } = window
  return { rule: 'window', size, strides, dilations, pads: windowPads(window, input) }
}

/** "3×3" or "3×3 dilated by 2". */
function showWindow({ size: [kh, kw], dilations: [dh, dw] }: Window): string {
  const dilated = dh === 1 && dw === 1 ? '' : ` dilated by ${dh === dw ? dh : `${dh}×${dw}`}`
  return `${kh}×${kw}${dilated}`
}

function tooLarge(window: Window, input: Dims): Misfit {
  const [h, w] = [0, 1].map((axis) => reach(window.size[axis as 0 | 1], window.dilations[axis as 0 | 1]))
  const span = window.dilations.some((d) => d > 1) ? ` (it spans ${h}×${w} pixels)` : ''
  return {
    code: 'shape/window-too-large',
    message: `a window of ${showWindow(window)} does not fit into ${showDims(input)}${span}`,
    hint: 'use padding "same", or a smaller window',
  }
}

/** Is this an image [height, width, channels]? Says why not. */
export function imageMisfit(input: Dims): Misfit | null {
  if (input.length === 3) return null
  return {
    code: 'shape/not-an-image',
    message: `needs an image (height × width × channels), but gets ${showDims(input)}`,
    hint: 'put it before flatten, or reshape its input to an image',
  }
}

/** The image after a window slid over it, with so many channels. */
export function inferWindow(window: Window, input: Dims, channels: Size): Inference {
  const wrong = imageMisfit(input)
  if (wrong !== null) return { misfits: [wrong] }
  const h = slide(axisOf(window, 0), 0, input[0] as Size)
  const w = slide(axisOf(window, 1), 1, input[1] as Size)
  return h === undefined || w === undefined
    ? { misfits: [tooLarge(window, input)] }
    : { outputs: [[h, w, channels]] }
}

// ── pooling ─────────────────────────────────────────────────────────────────

/** The part of a pooling layer's config that is its window. */
export interface PoolConfig {
  readonly poolSize: Pair
  readonly strides: Pair
  readonly padding: Padding
  readonly ceilMode: boolean
}

export const poolWindow = ({ poolSize, strides, padding, ceilMode }: PoolConfig): Window =>
  ({ size: poolSize, strides, dilations: [1, 1], padding, ceilMode })

/** A zod refinement: padding as wide as the window would leave windows without a single pixel of the image. */
export function poolIssues(
  { poolSize, padding }: Pick<PoolConfig, 'poolSize' | 'padding'>,
  report: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void {
  if (typeof padding === 'string') return
  const most = [Math.max(...padding[0]), Math.max(...padding[1])] as const
  if (most[0] < poolSize[0] && most[1] < poolSize[1]) return
  const message = `must be smaller than the window of ${poolSize.join('×')}, but is ${most.join('×')}`
  report.addIssue({ code: 'custom', path: ['padding'], message })
}

/** What the pooling operations take, for known sizes. */
export function poolOptions({ config, inputs, outputs }: Site<PoolConfig>): PoolOptions {
  const [h, w] = outputs[0] as readonly [number, number, number]
  return {
    poolSize: config.poolSize, strides: config.strides, outputSize: [h, w],
    pads: windowPads(poolWindow(config), inputs[0] as Dims) as Sides,
  }
}
