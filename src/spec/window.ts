// Sliding windows along one, two or three axes: the arithmetic that convolution and pooling share.
import type { Padding, Pair, Rank } from './config.ts'
import type { WindowRule } from './field.ts'
import type { Filling } from './formula.ts'
import type { Inference, Misfit } from './layer.ts'
import { type Dims, type Size, showDims } from './tensor.ts'

/** A window: each list has one entry per axis. */
export interface Window {
  readonly size: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly padding: Padding<Rank>
  /** Round the output size up where a last window starts inside the image or its left padding. */
  readonly ceilMode?: boolean
}

/** How far a kernel of k reaches when dilated by d. */
export const reach = (k: number, d: number): number => d * (k - 1) + 1

interface Axis {
  readonly k: number
  readonly s: number
  readonly d: number
  readonly padding: 'valid' | 'same' | Pair
  readonly ceil: boolean
}

const axesOf = ({ size, strides, dilations, padding, ceilMode = false }: Window): readonly Axis[] =>
  size.map((k, axis) => ({
    k, s: strides[axis] as number, d: dilations[axis] as number, ceil: ceilMode,
    padding: typeof padding === 'string' ? padding : padding[axis] as Pair,
  }))

/** Zeros before and after; `null` when they depend on a size that is not known. Same padding as TensorFlow's. */
function padsOf({ k, s, d, padding }: Axis, size: Size): Pair | null {
  if (padding === 'valid') return [0, 0]
  if (padding !== 'same') return padding
  if (size === null && s > 1) return null
  const total = size === null ? reach(k, d) - 1 : Math.max((Math.ceil(size / s) - 1) * s + reach(k, d) - size, 0)
  return [Math.floor(total / 2), Math.ceil(total / 2)]
}

/** The output size of one axis; `undefined` when the window does not fit. */
function slide({ k, s, d, padding, ceil }: Axis, size: Size): Size | undefined {
  if (size === null) return null
  if (padding === 'same') return Math.ceil(size / s)
  const [before, after] = padding === 'valid' ? [0, 0] : padding
  const room = size + before + after - reach(k, d)
  if (room < 0) return undefined
  if (!ceil) return Math.floor(room / s) + 1
  const out = Math.ceil(room / s) + 1
  return (out - 1) * s >= size + before ? out - 1 : out
}

/** Zeros before and after on each axis, or `null` when they depend on sizes that are not known. */
export function windowPads(window: Window, input: Dims): readonly Pair[] | null {
  const pads = axesOf(window).map((axis, index) => padsOf(axis, input[index] as Size))
  return pads.every((pad) => pad !== null) ? pads : null
}

/** The window as a field rule. */
export function windowField(window: Window, input: Dims): WindowRule {
  const { size, strides, dilations } = window
  return { rule: 'window', size, strides, dilations, pads: windowPads(window, input) }
}

/** What the axes of an input are called in formulas, by their number. */
const AXES: Readonly<Record<Rank, readonly string[]>> = { 1: ['l'], 2: ['h', 'w'], 3: ['d', 'h', 'w'] }

/** The letters of a sliding window: in, out, K, S, D, P by axis, and Kh, Kw, oh, ow for products. */
export function windowLetters(window: Omit<Window, 'padding'>, pads: readonly Pair[], input: Dims, out: Dims): Filling['letters'] {
  const { size, strides, dilations } = window
  const sizesOf = (dims: Dims): readonly number[] => dims.slice(0, -1) as readonly number[]
  const names = AXES[size.length as Rank]
  const named = (prefix: string, values: readonly number[]): [string, number][] => values.map((value, axis) => [`${prefix}${names[axis]}`, value])
  return {
    in: sizesOf(input), out: sizesOf(out), K: size, S: strides, D: dilations, P: pads.map(([before, after]) => before + after),
    ...Object.fromEntries([...named('K', size), ...named('o', sizesOf(out)), ...named('', sizesOf(input))]),
  }
}

const allEqual = (numbers: readonly number[]): boolean => numbers.every((one) => one === numbers[0])

/** "3×3" or "3×3 dilated by 2". */
export function showWindow({ size, dilations }: Pick<Window, 'size' | 'dilations'>): string {
  const by = allEqual(dilations) ? String(dilations[0]) : dilations.join('×')
  return `${size.join('×')}${by === '1' ? '' : ` dilated by ${by}`}`
}

/** What the places of an input are called, by the number of its axes. */
export const PLACES: Readonly<Record<Rank, string>> = { 1: 'steps', 2: 'pixels', 3: 'voxels' }

function tooLarge(window: Window, input: Dims): Misfit {
  const span = window.size.map((k, axis) => reach(k, window.dilations[axis] as number))
  const places = PLACES[span.length as Rank]
  const spans = window.dilations.some((d) => d > 1) ? ` (it spans ${span.join('×')} ${places})` : ''
  return {
    code: 'shape/window-too-large',
    message: `a window of ${showWindow(window)} does not fit into ${showDims(input)}${spans}`,
    hint: 'use padding "same", or a smaller window',
  }
}

const NEEDS: Readonly<Record<Rank, Omit<Misfit, 'message'> & { readonly what: string }>> = {
  1: {
    code: 'shape/not-a-sequence', what: 'a sequence (steps × channels)',
    hint: 'reshape its input to [steps, channels]',
  },
  2: {
    code: 'shape/not-an-image', what: 'an image (height × width × channels)',
    hint: 'put it before flatten, or reshape its input to an image',
  },
  3: {
    code: 'shape/not-a-volume', what: 'a volume (depth × height × width × channels)',
    hint: 'reshape its input to [depth, height, width, channels]',
  },
}

/** Has this tensor so many axes and channels? Says why not. */
export function axesMisfit(rank: Rank, input: Dims): Misfit | null {
  if (input.length === rank + 1) return null
  const { what, ...rest } = NEEDS[rank]
  return { ...rest, message: `needs ${what}, but gets ${showDims(input)}` }
}

/** Is this an image [height, width, channels]? Says why not. */
export const imageMisfit = (input: Dims): Misfit | null => axesMisfit(2, input)

/** The sequence, image or volume after a window slid over it, with so many channels. */
export function inferWindow(window: Window, input: Dims, channels: Size): Inference {
  const wrong = axesMisfit(window.size.length as Rank, input)
  if (wrong !== null) return { misfits: [wrong] }
  const sizes = axesOf(window).map((axis, index) => slide(axis, input[index] as Size))
  return sizes.every((size) => size !== undefined)
    ? { outputs: [[...sizes, channels]] }
    : { misfits: [tooLarge(window, input)] }
}
