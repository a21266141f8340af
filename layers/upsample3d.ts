// upsample3d: a volume made larger by whole factors.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { byVolume, upsamplePage, type UpsampleSettings } from '../src/spec/resizing.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Size3d, Volume, UpsampleOut } from '../src/types/shape.ts'

/** What upsample3d takes. */
export interface Upsample3dConfig<S extends Size3d = Size3d> extends UpsampleSettings<S, 'trilinear'> {}

export interface Upsample3d<S extends Size3d = 2> extends Callable {
  readonly kind: 'upsample3d'
  readonly [SETTINGS]: S
  readonly [OUT]: UpsampleOut<Volume<this[typeof IN], 'upsample3d'>, S>
}

type Factory = <const S extends Size3d = 2>(config?: Upsample3dConfig<S>) => Upsample3d<S>

/**
 * A volume made larger by whole factors: [d, h, w, c] → [d · size[0], h · size[1], w · size[2], c].
 *
 * 'nearest' repeats every voxel. 'trilinear' takes voxels to be cubes with their numbers in the middle: output i lies at
 * (i + ½) / size − ½ of the input, clipped at the edges. That is PyTorch's `align_corners=False`; Keras' UpSampling3D has
 * 'nearest' alone.
 *
 * @throws LayergraphError from `graph()`: `shape/not-a-volume`.
 */
export const upsample3d = withTypes<Factory>()(defineLayer({
  kind: 'upsample3d',
  ...upsamplePage(3, 'trilinear'),
  summary: 'Makes a volume larger, by repeating its voxels or by blending them.',
  summaryZh: '放大体数据：重复体素，或在体素间混合。',
  examples: [
    { config: {}, inputs: [[2, 3, 2, 2]] },
    { config: { size: [3, 1, 2] }, inputs: [[2, 2, 3, 3]] },
    { config: { size: [2, 3, 1], interpolation: 'trilinear' }, inputs: [[3, 2, 4, 2]] },
  ],
  forward(op, site, [x]) {
    const [depth, height, width] = site.config.size
    const interpolation = site.config.interpolation === 'nearest' ? 'nearest' : 'bilinear'
    return byVolume(op, site, x!, {
      slices: (slice) => op.upsample2d(slice, { size: [height, width], interpolation }),
      depth: (whole) => op.upsample2d(whole, { size: [depth, 1], interpolation }),
    })
  },
}))
