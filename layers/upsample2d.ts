// upsample2d: an image made larger by whole factors.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { upsamplePage, type UpsampleSettings } from '../src/spec/resizing.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Image, Size2d, UpsampleOut } from '../src/types/shape.ts'

/** What upsample2d takes. */
export interface Upsample2dConfig<S extends Size2d = Size2d> extends UpsampleSettings<S, 'bilinear'> {}

export interface Upsample2d<S extends Size2d = 2> extends Callable {
  readonly kind: 'upsample2d'
  readonly [SETTINGS]: S
  readonly [OUT]: UpsampleOut<Image<this[typeof IN], 'upsample2d'>, S>
}

type Factory = <const S extends Size2d = 2>(config?: Upsample2dConfig<S>) => Upsample2d<S>

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
  ...upsamplePage(2, 'bilinear'),
  summary: 'Makes an image larger, by repeating its pixels or by blending them.',
  summaryZh: '放大图像：重复像素，或在像素间混合。',
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: { size: [3, 1] }, inputs: [[2, 3, 5]] },
    { config: { interpolation: 'bilinear' }, inputs: [[3, 4, 5]] },
    { config: { size: [2, 3], interpolation: 'bilinear' }, inputs: [[4, 2, 3]] },
  ],
  forward: (op, { config }, [x]) => op.upsample2d(x!, config),
}))
