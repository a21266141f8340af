// maxPool3d: the largest number under a window that slides over a volume.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { maxPoolPage, poolOptions, type PoolSettings } from '../src/spec/pool.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Padding3d, PoolOut, Size3d, Volume } from '../src/types/shape.ts'

/** What maxPool3d takes. */
export interface MaxPool3dConfig<
  K extends Size3d = Size3d, S extends Size3d = Size3d, P extends Padding3d = Padding3d, C extends boolean = boolean,
> extends PoolSettings<K, S, P, C> {}

export interface MaxPool3d<
  K extends Size3d, S extends Size3d = K, P extends Padding3d = 'valid', C extends boolean = false,
> extends Callable {
  readonly kind: 'maxPool3d'
  readonly [SETTINGS]: [K, S, P, C]
  readonly [OUT]: PoolOut<Volume<this[typeof IN], 'maxPool3d'>, 'maxPool3d', K, S, P, C>
}

type Factory = <
  const K extends Size3d, const S extends Size3d = K, const P extends Padding3d = 'valid', const C extends boolean = false,
>(config: MaxPool3dConfig<K, S, P, C>) => MaxPool3d<K, S, P, C>

/**
 * The largest number under a window that slides over a volume [depth, height, width, channels], channel by channel.
 *
 * Output [od, oh, ow, channels] with od = floor((d + front + back − K) / S) + 1, and oh and ow likewise; with padding
 * 'same' ceil(d / S); in ceil mode rounded up instead, as in maxPool2d. Padding never wins: only
 * numbers of the volume are compared.
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/not-a-volume`.
 */
export const maxPool3d = withTypes<Factory>()(defineLayer({
  kind: 'maxPool3d',
  ...maxPoolPage(3),
  summary: 'Keeps the largest number under a window that slides over a volume.',
  summaryZh: '窗口在体数据上滑动，取窗口内的最大值。',
  examples: [
    { config: { poolSize: 2 }, inputs: [[4, 5, 4, 2]] },
    { config: { poolSize: 3, strides: 2, padding: 'same' }, inputs: [[4, 5, 6, 1]] },
    { config: { poolSize: [2, 3, 2], strides: [2, 2, 1], padding: [[1, 0], [1, 1], [0, 1]], ceilMode: true }, inputs: [[4, 4, 5, 2]] },
  ],
  forward: (op, site, [x]) => op.maxPool3d(x!, poolOptions<3>(site)),
}))
