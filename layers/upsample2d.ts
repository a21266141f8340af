// upsample2d: an image made larger by whole factors.
import { z } from 'zod'
import { pair } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { upsampleField } from '../src/spec/field.ts'
import { output } from '../src/spec/layer.ts'
import type { Dims, Size } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Image, Size2d, UpsampleOut } from '../src/types/shape.ts'

/** What upsample2d takes. */
export interface Upsample2dConfig<S extends Size2d = Size2d> {
  /** How many times larger: one number, or [vertical, horizontal]; default 2. */
  size?: S
  /** 'nearest' (default) repeats pixels, 'bilinear' blends the four nearest. */
  interpolation?: 'nearest' | 'bilinear'
}

export interface Upsample2d<S extends Size2d = 2> extends Callable {
  readonly kind: 'upsample2d'
  readonly [SETTINGS]: S
  readonly [OUT]: UpsampleOut<Image<this[typeof IN], 'upsample2d'>, S>
}

type Factory = <const S extends Size2d = 2>(config?: Upsample2dConfig<S>) => Upsample2d<S>

const grown = (size: Size, factor: number): Size => (size === null ? null : size * factor)

/**
 * An image made larger by whole factors: [h, w, c] → [h · size[0], w · size[1], c].
 *
 * 'nearest' repeats every pixel. 'bilinear' takes pixels to be squares with their numbers in the middle: output i lies at
 * (i + ½) / size − ½ of the input, clipped at the edges. That is PyTorch's `align_corners=False` and Keras' UpSampling2D;
 * TensorFlow.js' own layer leaves the halves out.
 *
 * @throws LayergraphError from `graph()`: `shape/not-an-image`.
 */
export const upsample2d = withTypes<Factory>()(defineLayer({
  kind: 'upsample2d',
  category: 'reshape',
  summary: 'Makes an image larger, by repeating its pixels or by blending them.',
  summaryZh: '放大图像：重复像素，或在像素间混合。',
  formula: 'out = in · size; no parameters; no multiply-accumulates of learned weights',
  config: z.strictObject({ size: pair.default([2, 2]), interpolation: z.enum(['nearest', 'bilinear']).default('nearest') }),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: { size: [3, 1] }, inputs: [[2, 3, 5]] },
    { config: { interpolation: 'bilinear' }, inputs: [[3, 4, 5]] },
    { config: { size: [2, 3], interpolation: 'bilinear' }, inputs: [[4, 2, 3]] },
  ],
  infer({ config: { size }, inputs: [input] }) {
    const wrong = imageMisfit(input as Dims)
    if (wrong !== null) return { misfits: [wrong] }
    const [h, w, c] = input as readonly [Size, Size, Size]
    return output([grown(h, size[0]), grown(w, size[1]), c])
  },
  macs: () => 0,
  field: ({ config: { size, interpolation }, inputs, outputs }) => (interpolation === 'nearest'
    ? upsampleField(size)
    : {
        rule: 'resize', method: 'linear', align: 'halfPixel',
        from: (inputs[0] as Dims).slice(0, 2), to: (outputs[0] as Dims).slice(0, 2),
      }),
  forward: (op, { config }, [x]) => op.upsample2d(x!, config),
}))
