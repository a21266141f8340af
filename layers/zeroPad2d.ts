// zeroPad2d: zeros around an image.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { padPage, type PadSettings } from '../src/spec/resizing.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Image, PadOut, Sides2d } from '../src/types/shape.ts'

/** What zeroPad2d takes. */
export interface ZeroPad2dConfig<P extends number | Sides2d = number | Sides2d> extends PadSettings<P> {}

export interface ZeroPad2d<P extends number | Sides2d> extends Callable {
  readonly kind: 'zeroPad2d'
  readonly [SETTINGS]: P
  readonly [OUT]: PadOut<Image<this[typeof IN], 'zeroPad2d'>, P>
}

type Factory = <const P extends number | Sides2d>(config: ZeroPad2dConfig<P>) => ZeroPad2d<P>

/**
 * Zeros around an image: [h, w, c] → [h + top + bottom, w + left + right, c].
 *
 * @throws LayergraphError from `graph()`: `shape/not-an-image`.
 */
export const zeroPad2d = withTypes<Factory>()(defineLayer({
  kind: 'zeroPad2d',
  ...padPage(2),
  summary: 'Puts zeros around an image.',
  summaryZh: '在图像四周补零。',
  examples: [
    { config: { padding: 1 }, inputs: [[3, 4, 2]] },
    { config: { padding: [[0, 1], [2, 3]] }, inputs: [[4, 3, 3]] },
  ],
  forward: (op, { config }, [x]) => op.zeroPad2d(x!, config.padding),
}))
