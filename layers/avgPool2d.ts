// avgPool2d: the average under a sliding window.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { type AveragePoolSettings, avgPoolPage, poolOptions } from '../src/spec/pool.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Image, Padding2d, PoolOut, Size2d } from '../src/types/shape.ts'

/** What avgPool2d takes. */
export interface AvgPool2dConfig<
  K extends Size2d = Size2d, S extends Size2d = Size2d, P extends Padding2d = Padding2d, C extends boolean = boolean,
> extends AveragePoolSettings<K, S, P, C> {}

export interface AvgPool2d<
  K extends Size2d, S extends Size2d = K, P extends Padding2d = 'valid', C extends boolean = false,
> extends Callable {
  readonly kind: 'avgPool2d'
  readonly [SETTINGS]: [K, S, P, C]
  readonly [OUT]: PoolOut<Image<this[typeof IN], 'avgPool2d'>, 'avgPool2d', K, S, P, C>
}

type Factory = <
  const K extends Size2d, const S extends Size2d = K, const P extends Padding2d = 'valid', const C extends boolean = false,
>(config: AvgPool2dConfig<K, S, P, C>) => AvgPool2d<K, S, P, C>

/**
 * The average under a window that slides over an image [height, width, channels], channel by channel.
 *
 * Output [oh, ow, channels] with the sizes of maxPool2d. A window that hangs over the edge is divided by the pixels
 * of the image under it, or with `countIncludePad` also by the padded zeros under it.
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/not-an-image`.
 */
export const avgPool2d = withTypes<Factory>()(defineLayer({
  kind: 'avgPool2d',
  ...avgPoolPage(2),
  summary: 'Averages the numbers under a sliding window.',
  summaryZh: '取滑动窗口内的平均值。',
  examples: [
    { config: { poolSize: 2 }, inputs: [[6, 7, 3]] },
    { config: { poolSize: 3, strides: 2, padding: 'same' }, inputs: [[7, 6, 2]] },
    { config: { poolSize: 3, strides: 2, padding: 1, ceilMode: true, countIncludePad: true }, inputs: [[6, 8, 2]] },
    { config: { poolSize: [3, 2], strides: [2, 1], padding: [[1, 2], [0, 1]] }, inputs: [[5, 6, 3]] },
  ],
  forward: (op, site, [x]) => op.avgPool2d(x!, { ...poolOptions<2>(site), includePad: site.config.countIncludePad }),
}))
