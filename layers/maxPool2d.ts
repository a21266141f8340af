// maxPool2d: the largest number under a sliding window.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { followsMaxPool } from '../src/spec/fusion.ts'
import { maxPoolPage, poolOptions, type PoolSettings } from '../src/spec/pool.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Image, Padding2d, PoolOut, Size2d } from '../src/types/shape.ts'

/** What maxPool2d takes. */
export interface MaxPool2dConfig<
  K extends Size2d = Size2d, S extends Size2d = Size2d, P extends Padding2d = Padding2d, C extends boolean = boolean,
> extends PoolSettings<K, S, P, C> {}

export interface MaxPool2d<
  K extends Size2d, S extends Size2d = K, P extends Padding2d = 'valid', C extends boolean = false,
> extends Callable {
  readonly kind: 'maxPool2d'
  readonly [SETTINGS]: [K, S, P, C]
  readonly [OUT]: PoolOut<Image<this[typeof IN], 'maxPool2d'>, 'maxPool2d', K, S, P, C>
}

type Factory = <
  const K extends Size2d, const S extends Size2d = K, const P extends Padding2d = 'valid', const C extends boolean = false,
>(config: MaxPool2dConfig<K, S, P, C>) => MaxPool2d<K, S, P, C>

/**
 * The largest number under a window that slides over an image [height, width, channels], channel by channel.
 *
 * Output [oh, ow, channels] with oh = floor((h + top + bottom − K) / S) + 1, and ow likewise; with padding 'same'
 * ceil(h / S); in ceil mode rounded up instead, where the last window starts inside the image or the zeros before
 * it. Padding never wins: only numbers of the image are compared.
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/not-an-image`.
 */
export const maxPool2d = withTypes<Factory>()(defineLayer({
  kind: 'maxPool2d',
  ...maxPoolPage(2),
  summary: 'Keeps the largest number under a sliding window.',
  summaryZh: '取滑动窗口内的最大值。',
  examples: [
    { config: { poolSize: 2 }, inputs: [[6, 7, 3]] },
    { config: { poolSize: 3, strides: 2, padding: 'same' }, inputs: [[7, 6, 2]] },
    { config: { poolSize: 3, strides: 2, ceilMode: true }, inputs: [[6, 8, 2]] },
    { config: { poolSize: [3, 2], strides: [2, 1], padding: [[1, 2], [0, 1]] }, inputs: [[5, 6, 3]] },
  ],
  follows: (site) => (site.inputs[0]?.includes(null) === false ? followsMaxPool(poolOptions<2>(site)) : null),
  forward: (op, site, [x]) => op.maxPool2d(x!, poolOptions<2>(site)),
}))
