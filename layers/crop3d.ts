// crop3d: a volume without its edges.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { byVolume, cropPage, type CropSettings } from '../src/spec/resizing.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { CropOut, Sides3d, Volume } from '../src/types/shape.ts'

/** What crop3d takes. */
export interface Crop3dConfig<P extends number | Sides3d = number | Sides3d> extends CropSettings<P> {}

export interface Crop3d<P extends number | Sides3d> extends Callable {
  readonly kind: 'crop3d'
  readonly [SETTINGS]: P
  readonly [OUT]: CropOut<Volume<this[typeof IN], 'crop3d'>, 'crop3d', P>
}

type Factory = <const P extends number | Sides3d>(config: Crop3dConfig<P>) => Crop3d<P>

/**
 * A volume without its edges: [d, h, w, c] → [d − front − back, h − top − bottom, w − left − right, c].
 *
 * A U-Net of volumes cuts so what it joins to smaller ones.
 *
 * @throws LayergraphError from `graph()`: `shape/all-cut`, `shape/not-a-volume`.
 */
export const crop3d = withTypes<Factory>()(defineLayer({
  kind: 'crop3d',
  ...cropPage(3),
  summary: 'Cuts off the edges of a volume.',
  summaryZh: '裁去体数据的边缘。',
  examples: [
    { config: { cropping: 1 }, inputs: [[3, 4, 5, 2]] },
    { config: { cropping: [[0, 1], [2, 1], [0, 3]] }, inputs: [[3, 5, 4, 2]] },
  ],
  forward(op, site, [x]) {
    const [depth, height, width] = site.config.cropping
    return byVolume(op, site, x!, {
      slices: (slice) => op.crop2d(slice, [height, width]), depth: (whole) => op.crop2d(whole, [depth, [0, 0]]),
    })
  },
}))
