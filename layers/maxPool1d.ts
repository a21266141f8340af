// maxPool1d: the largest number under a window that slides along a sequence.
//
// It runs as maxPool2d on an image of one row.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { maxPoolPage, poolOptions, type PoolSettings } from '../src/spec/pool.ts'
import { asRow } from '../src/spec/row.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Padding1d, PoolOut, Series, Size1d } from '../src/types/shape.ts'

/** What maxPool1d takes. */
export interface MaxPool1dConfig<
  K extends Size1d = Size1d, S extends Size1d = Size1d, P extends Padding1d = Padding1d, C extends boolean = boolean,
> extends PoolSettings<K, S, P, C> {}

export interface MaxPool1d<
  K extends Size1d, S extends Size1d = K, P extends Padding1d = 'valid', C extends boolean = false,
> extends Callable {
  readonly kind: 'maxPool1d'
  readonly [SETTINGS]: [K, S, P, C]
  readonly [OUT]: PoolOut<Series<this[typeof IN], 'maxPool1d'>, 'maxPool1d', K, S, P, C>
}

type Factory = <
  const K extends Size1d, const S extends Size1d = K, const P extends Padding1d = 'valid', const C extends boolean = false,
>(config: MaxPool1dConfig<K, S, P, C>) => MaxPool1d<K, S, P, C>

/**
 * The largest number under a window that slides along a sequence [steps, channels], channel by channel.
 *
 * Output [out, channels] with out = floor((steps + before + after − K) / S) + 1; with padding 'same' ceil(steps / S); in
 * ceil mode rounded up instead, where the last window starts inside the sequence or the zeros before it.
 * Padding never wins: only numbers of the
 * sequence are compared.
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/not-a-sequence`.
 */
export const maxPool1d = withTypes<Factory>()(defineLayer({
  kind: 'maxPool1d',
  ...maxPoolPage(1),
  summary: 'Keeps the largest number under a window that slides along a sequence.',
  summaryZh: '窗口沿序列滑动，取窗口内的最大值。',
  examples: [
    { config: { poolSize: 2 }, inputs: [[9, 3]] },
    { config: { poolSize: 3, strides: 2, padding: 'same' }, inputs: [[8, 2]] },
    { config: { poolSize: 3, strides: 2, padding: 1, ceilMode: true }, inputs: [[8, 2]] },
    { config: { poolSize: [4], strides: [1], padding: [[2, 1]] }, inputs: [[7, 3]] },
  ],
  forward(op, site, [x]) {
    const { poolSize, strides, pads, outputSize } = poolOptions<1>(site)
    const window = {
      poolSize: [1, poolSize[0]], strides: [1, strides[0]], pads: [[0, 0], pads[0]], outputSize: [1, outputSize[0]],
    } as const
    return asRow(op, site, x!, (row) => op.maxPool2d(row, window))
  },
}))
