// depthToSpace: channels become pixels.
import { z } from 'zod'
import { size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { upsampleField } from '../src/spec/field.ts'
import { misfit, output } from '../src/spec/layer.ts'
import type { Dims, Size } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Div, Mul } from '../src/types/arith.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Image, Indivisible, Num } from '../src/types/shape.ts'

/** What depthToSpace takes. */
export interface DepthToSpaceConfig<B extends number = number> {
  /** Pixels on each side of the square that a pixel becomes; its square must divide the channels. */
  blockSize: B
}

type Unfolded<X, B extends number> =
  X extends readonly [infer H extends number, infer W extends number, infer C extends number]
    ? Indivisible<C, Mul<B, B>> extends true ? `depthToSpace: blocks of ${Num<B>}×${Num<B>} do not divide ${Num<C>} channels`
      : [Mul<H, B>, Mul<W, B>, Div<C, Mul<B, B>>]
    : X

export interface DepthToSpace<B extends number> extends Callable {
  readonly kind: 'depthToSpace'
  readonly [SETTINGS]: B
  readonly [OUT]: Unfolded<Image<this[typeof IN], 'depthToSpace'>, B>
}

type Factory = <const B extends number>(config: DepthToSpaceConfig<B>) => DepthToSpace<B>

/**
 * Channels as pixels: [h, w, block² · c] → [h · block, w · block, c].
 *
 * Channel (i·block + j)·c + k becomes channel k of the pixel i below and j to the right, as in TensorFlow. PyTorch's
 * PixelShuffle numbers the same channels k·block² + i·block + j.
 *
 * @throws LayergraphError from `graph()`: `shape/block`, `shape/not-an-image`.
 */
export const depthToSpace = withTypes<Factory>()(defineLayer({
  kind: 'depthToSpace',
  category: 'reshape',
  summary: 'Lays channels out as pixels: a larger image of fewer channels.',
  summaryZh: '把通道铺成像素：图像变大，通道变少。',
  formula: 'out = in · block, channels / block²; no parameters; no MACs',
  paper: {
    title: 'Real-time single image and video super-resolution using an efficient sub-pixel convolutional neural network',
    authors: 'Shi, Caballero, Huszár, Totz, Aitken, Bishop, Rueckert, Wang', year: 2016,
    url: 'https://arxiv.org/abs/1609.05158',
  },
  config: z.strictObject({ blockSize: size }),
  examples: [
    { config: { blockSize: 2 }, inputs: [[2, 3, 8]] },
    { config: { blockSize: 3 }, inputs: [[2, 2, 9]] },
  ],
  letters: ({ config: { blockSize }, inputs: [input] }) =>
    ({ letters: { in: (input as Dims).slice(0, 2) as readonly number[], block: blockSize } }),
  infer({ config: { blockSize }, inputs: [input] }) {
    const wrong = imageMisfit(input as Dims)
    if (wrong !== null) return { misfits: [wrong] }
    const [h, w, c] = input as readonly [Size, Size, Size]
    const grown = (one: Size): Size => (one === null ? null : one * blockSize)
    if (c === null || c % blockSize ** 2 === 0) return output([grown(h), grown(w), c === null ? null : c / blockSize ** 2])
    return misfit(
      'shape/block', `blocks of ${blockSize}×${blockSize} do not divide ${c} channels`,
      `give it a multiple of ${blockSize ** 2} channels`,
    )
  },
  macs: () => 0,
  field: ({ config: { blockSize } }) => upsampleField([blockSize, blockSize]),
  forward: (op, { config }, [x]) => op.depthToSpace(x!, config.blockSize),
}))
