// avgPool3d: the average under a window that slides over a volume.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { type AveragePoolSettings, avgPoolPage, poolOptions } from '../src/spec/pool.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Padding3d, PoolOut, Size3d, Volume } from '../src/types/shape.ts'

/** What avgPool3d takes. */
export interface AvgPool3dConfig<
  K extends Size3d = Size3d, S extends Size3d = Size3d, P extends Padding3d = Padding3d, C extends boolean = boolean,
> extends AveragePoolSettings<K, S, P, C> {}

export interface AvgPool3d<
  K extends Size3d, S extends Size3d = K, P extends Padding3d = 'valid', C extends boolean = false,
> extends Callable {
  readonly kind: 'avgPool3d'
  readonly [SETTINGS]: [K, S, P, C]
  readonly [OUT]: PoolOut<Volume<this[typeof IN], 'avgPool3d'>, 'avgPool3d', K, S, P, C>
}

type Factory = <
  const K extends Size3d, const S extends Size3d = K, const P extends Padding3d = 'valid', const C extends boolean = false,
>(config: AvgPool3dConfig<K, S, P, C>) => AvgPool3d<K, S, P, C>

/**
 * The average under a window that slides over a volume [depth, height, width, channels], channel by channel.
 *
 * Output [od, oh, ow, channels] with od = floor((d + front + back − K) / S) + 1, and oh and ow likewise; with padding
 * 'same' ceil(d / S); in ceil mode rounded up instead, as in avgPool2d. A window that hangs over the edge is divided
 * by the voxels of the volume under it, or with `countIncludePad` also by the padded zeros under it.
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/not-a-volume`.
 */
export const avgPool3d = withTypes<Factory>()(defineLayer({
  kind: 'avgPool3d',
  ...avgPoolPage(3),
  summary: 'Averages the numbers under a window that slides over a volume.',
  summaryZh: '窗口在体数据上滑动，取窗口内的平均值。',
  examples: [
    { config: { poolSize: 2 }, inputs: [[4, 5, 4, 2]] },
    { config: { poolSize: 3, strides: 2, padding: 'same' }, inputs: [[4, 5, 6, 1]] },
    { config: { poolSize: [2, 3, 2], strides: [2, 2, 1], padding: [[1, 0], [1, 1], [0, 1]], ceilMode: true, countIncludePad: true }, inputs: [[4, 4, 4, 2]] },
  ],
  forward: (op, site, [x]) => op.avgPool3d(x!, { ...poolOptions<3>(site), includePad: site.config.countIncludePad }),
}))
