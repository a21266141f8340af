// crop2d: an image without its edges.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { cropPage, type CropSettings } from '../src/spec/resizing.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { CropOut, Image, Sides2d } from '../src/types/shape.ts'

/** What crop2d takes. */
export interface Crop2dConfig<P extends number | Sides2d = number | Sides2d> extends CropSettings<P> {}

export interface Crop2d<P extends number | Sides2d> extends Callable {
  readonly kind: 'crop2d'
  readonly [SETTINGS]: P
  readonly [OUT]: CropOut<Image<this[typeof IN], 'crop2d'>, 'crop2d', P>
}

type Factory = <const P extends number | Sides2d>(config: Crop2dConfig<P>) => Crop2d<P>

/**
 * An image without its edges: [h, w, c] → [h − top − bottom, w − left − right, c].
 *
 * U-Net cuts so what it joins to smaller images.
 *
 * @throws LayergraphError from `graph()`: `shape/all-cut`, `shape/not-an-image`.
 */
export const crop2d = withTypes<Factory>()(defineLayer({
  kind: 'crop2d',
  ...cropPage(2),
  summary: 'Cuts off the edges of an image.',
  summaryZh: '裁去图像的边缘。',
  examples: [
    { config: { cropping: 1 }, inputs: [[4, 5, 2]] },
    { config: { cropping: [[0, 1], [2, 1]] }, inputs: [[4, 6, 3]] },
  ],
  forward: (op, { config }, [x]) => op.crop2d(x!, config.cropping),
}))
