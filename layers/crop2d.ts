// crop2d: an image without its edges.
import { z } from 'zod'
import { sides } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { cropField } from '../src/spec/field.ts'
import { misfit, output } from '../src/spec/layer.ts'
import { type Dims, showDims, type Size } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { CropOut, Image, Sides2d } from '../src/types/shape.ts'

/** What crop2d takes. */
export interface Crop2dConfig<P extends number | Sides2d = number | Sides2d> {
  /** Pixels to cut off: one number for all four sides, or [[top, bottom], [left, right]]. */
  cropping: P
}

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
  category: 'reshape',
  summary: 'Cuts off the edges of an image.',
  summaryZh: '裁去图像的边缘。',
  formula: 'out = in − pixels before − pixels after; no parameters; no MACs',
  config: z.strictObject({ cropping: sides }),
  examples: [
    { config: { cropping: 1 }, inputs: [[4, 5, 2]] },
    { config: { cropping: [[0, 1], [2, 1]] }, inputs: [[4, 6, 3]] },
  ],
  infer({ config: { cropping }, inputs: [input] }) {
    const wrong = imageMisfit(input as Dims)
    if (wrong !== null) return { misfits: [wrong] }
    const cut = cropping.map(([before, after]) => before + after)
    const [h, w] = cut.map((pixels, axis): Size => {
      const size = input?.[axis] ?? null
      return size === null ? null : size - pixels
    }) as [Size, Size]
    if ((h ?? 1) > 0 && (w ?? 1) > 0) return output([h, w, input?.[2] ?? null])
    return misfit(
      'shape/all-cut', `cutting off ${cut.join('×')} pixels leaves nothing of ${showDims(input as Dims)}`, 'cut off less',
    )
  },
  macs: () => 0,
  field: ({ config: { cropping } }) => cropField(cropping),
  forward: (op, { config }, [x]) => op.crop2d(x!, config.cropping),
}))
