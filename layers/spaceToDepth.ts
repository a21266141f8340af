// spaceToDepth: pixels become channels.
import { z } from 'zod'
import { size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { misfit, output } from '../src/spec/layer.ts'
import { type Dims, showDims, type Size } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Div, Mul } from '../src/types/arith.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Image, Indivisible, Num, Show } from '../src/types/shape.ts'

/** What spaceToDepth takes. */
export interface SpaceToDepthConfig<B extends number = number> {
  /** Pixels on each side of the square that becomes one pixel; must divide height and width. */
  blockSize: B
}

type Folded<X, B extends number> =
  X extends readonly [infer H extends number, infer W extends number, infer C extends number]
    ? true extends Indivisible<H, B> | Indivisible<W, B>
      ? `spaceToDepth: blocks of ${Num<B>}×${Num<B>} do not divide ${Show<X>}`
      : [Div<H, B>, Div<W, B>, Mul<C, Mul<B, B>>]
    : X

export interface SpaceToDepth<B extends number> extends Callable {
  readonly kind: 'spaceToDepth'
  readonly [SETTINGS]: B
  readonly [OUT]: Folded<Image<this[typeof IN], 'spaceToDepth'>, B>
}

type Factory = <const B extends number>(config: SpaceToDepthConfig<B>) => SpaceToDepth<B>

/**
 * Pixels as channels: [h, w, c] → [h / block, w / block, block² · c]. The inverse of depthToSpace.
 *
 * Channel k of the pixel i below and j to the right of a square's corner becomes channel (i·block + j)·c + k, as in
 * TensorFlow. Halves an image without losing a number.
 *
 * @throws LayergraphError from `graph()`: `shape/block`, `shape/not-an-image`.
 */
export const spaceToDepth = withTypes<Factory>()(defineLayer({
  kind: 'spaceToDepth',
  category: 'reshape',
  summary: 'Lays squares of pixels out as channels: a smaller image of more channels.',
  summaryZh: '把像素方块铺成通道：图像变小，通道变多。',
  formula: 'out = in / block, channels · block²; no parameters; no MACs',
  config: z.strictObject({ blockSize: size }),
  examples: [
    { config: { blockSize: 2 }, inputs: [[4, 6, 3]] },
    { config: { blockSize: 3 }, inputs: [[3, 6, 2]] },
  ],
  letters: ({ config: { blockSize }, inputs: [input] }) =>
    ({ letters: { in: (input as Dims).slice(0, 2) as readonly number[], block: blockSize } }),
  infer({ config: { blockSize }, inputs: [input] }) {
    const wrong = imageMisfit(input as Dims)
    if (wrong !== null) return { misfits: [wrong] }
    const [h, w, c] = input as readonly [Size, Size, Size]
    const shrunk = (one: Size): Size => (one === null ? null : one / blockSize)
    if ([h, w].every((one) => one === null || one % blockSize === 0)) {
      return output([shrunk(h), shrunk(w), c === null ? null : c * blockSize ** 2])
    }
    return misfit(
      'shape/block', `blocks of ${blockSize}×${blockSize} do not divide ${showDims(input as Dims)}`,
      'pad the image with zeroPad2d, or cut it with crop2d',
    )
  },
  macs: () => 0,
  field: ({ config: { blockSize } }) => ({
    rule: 'window', size: [blockSize, blockSize], strides: [blockSize, blockSize], dilations: [1, 1], pads: [[0, 0], [0, 0]],
  }),
  forward: (op, { config }, [x]) => op.spaceToDepth(x!, config.blockSize),
}))
