// zeroPad3d: zeros around a volume.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { byVolume, padPage, type PadSettings } from '../src/spec/resizing.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { PadOut, Sides3d, Volume } from '../src/types/shape.ts'

/** What zeroPad3d takes. */
export interface ZeroPad3dConfig<P extends number | Sides3d = number | Sides3d> extends PadSettings<P> {}

export interface ZeroPad3d<P extends number | Sides3d> extends Callable {
  readonly kind: 'zeroPad3d'
  readonly [SETTINGS]: P
  readonly [OUT]: PadOut<Volume<this[typeof IN], 'zeroPad3d'>, P>
}

type Factory = <const P extends number | Sides3d>(config: ZeroPad3dConfig<P>) => ZeroPad3d<P>

/**
 * Zeros around a volume: [d, h, w, c] → [d + front + back, h + top + bottom, w + left + right, c].
 *
 * @throws LayergraphError from `graph()`: `shape/not-a-volume`.
 */
export const zeroPad3d = withTypes<Factory>()(defineLayer({
  kind: 'zeroPad3d',
  ...padPage(3),
  summary: 'Puts zeros around a volume.',
  summaryZh: '在体数据四周补零。',
  examples: [
    { config: { padding: 1 }, inputs: [[2, 3, 2, 2]] },
    { config: { padding: [[0, 1], [2, 0], [1, 2]] }, inputs: [[2, 2, 3, 2]] },
  ],
  forward(op, site, [x]) {
    const [depth, height, width] = site.config.padding
    return byVolume(op, site, x!, {
      slices: (slice) => op.zeroPad2d(slice, [height, width]), depth: (whole) => op.zeroPad2d(whole, [depth, [0, 0]]),
    })
  },
}))
