// zeroPad2d: zeros around an image.
import { z } from 'zod'
import { sides } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { output } from '../src/spec/layer.ts'
import type { Dims, Size } from '../src/spec/tensor.ts'
import { imageMisfit } from '../src/spec/window.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Image, PadOut, Sides2d } from '../src/types/shape.ts'

/** What zeroPad2d takes. */
export interface ZeroPad2dConfig<P extends number | Sides2d = number | Sides2d> {
  /** Zeros on each side: one number for all four, or [[top, bottom], [left, right]]. */
  padding: P
}

export interface ZeroPad2d<P extends number | Sides2d> extends Callable {
  readonly kind: 'zeroPad2d'
  readonly [SETTINGS]: P
  readonly [OUT]: PadOut<Image<this[typeof IN], 'zeroPad2d'>, P>
}

type Factory = <const P extends number | Sides2d>(config: ZeroPad2dConfig<P>) => ZeroPad2d<P>

const grown = (size: Size, [before, after]: readonly [number, number]): Size =>
  (size === null ? null : size + before + after)

/**
 * Zeros around an image: [h, w, c] → [h + top + bottom, w + left + right, c].
 *
 * @throws LayergraphError from `graph()`: `shape/not-an-image`.
 */
export const zeroPad2d = withTypes<Factory>()(defineLayer({
  kind: 'zeroPad2d',
  category: 'reshape',
  summary: 'Puts zeros around an image.',
  summaryZh: '在图像四周补零。',
  formula: 'out = in + zeros before + zeros after; no parameters; no MACs',
  config: z.strictObject({ padding: sides }),
  examples: [
    { config: { padding: 1 }, inputs: [[3, 4, 2]] },
    { config: { padding: [[0, 1], [2, 3]] }, inputs: [[4, 3, 3]] },
  ],
  infer({ config: { padding: [rows, columns] }, inputs: [input] }) {
    const wrong = imageMisfit(input as Dims)
    if (wrong !== null) return { misfits: [wrong] }
    const [h, w, c] = input as readonly [Size, Size, Size]
    return output([grown(h, rows), grown(w, columns), c])
  },
  macs: () => 0,
  field: ({ config: { padding } }) =>
    ({ rule: 'window', size: [1, 1], strides: [1, 1], dilations: [1, 1], pads: padding }),
  forward: (op, { config }, [x]) => op.zeroPad2d(x!, config.padding),
}))
