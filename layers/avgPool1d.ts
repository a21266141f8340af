// avgPool1d: the average under a window that slides along a sequence.
//
// It runs as avgPool2d on an image of one row.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { type AveragePoolSettings, avgPoolPage, poolOptions } from '../src/spec/pool.ts'
import { asRow } from '../src/spec/row.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Padding1d, PoolOut, Series, Size1d } from '../src/types/shape.ts'

/** What avgPool1d takes. */
export interface AvgPool1dConfig<
  K extends Size1d = Size1d, S extends Size1d = Size1d, P extends Padding1d = Padding1d, C extends boolean = boolean,
> extends AveragePoolSettings<K, S, P, C> {}

export interface AvgPool1d<
  K extends Size1d, S extends Size1d = K, P extends Padding1d = 'valid', C extends boolean = false,
> extends Callable {
  readonly kind: 'avgPool1d'
  readonly [SETTINGS]: [K, S, P, C]
  readonly [OUT]: PoolOut<Series<this[typeof IN], 'avgPool1d'>, 'avgPool1d', K, S, P, C>
}

type Factory = <
  const K extends Size1d, const S extends Size1d = K, const P extends Padding1d = 'valid', const C extends boolean = false,
>(config: AvgPool1dConfig<K, S, P, C>) => AvgPool1d<K, S, P, C>

/**
 * The average under a window that slides along a sequence [steps, channels], channel by channel.
 *
 * Output [out, channels] with out = floor((steps + before + after − K) / S) + 1; with padding 'same' ceil(steps / S); in
 * ceil mode rounded up instead, where the last window starts inside the sequence or the zeros before it.
 * A window that hangs over the edge is divided by the steps
 * of the sequence under it, or with `countIncludePad` also by the padded zeros under it.
 *
 * @throws LayergraphError from `graph()`: `shape/window-too-large`, `shape/not-a-sequence`.
 */
export const avgPool1d = withTypes<Factory>()(defineLayer({
  kind: 'avgPool1d',
  ...avgPoolPage(1),
  summary: 'Averages the numbers under a window that slides along a sequence.',
  summaryZh: '窗口沿序列滑动，取窗口内的平均值。',
  examples: [
    { config: { poolSize: 2 }, inputs: [[9, 3]] },
    { config: { poolSize: 3, strides: 2, padding: 'same' }, inputs: [[8, 2]] },
    { config: { poolSize: 3, strides: 2, padding: 1, ceilMode: true, countIncludePad: true }, inputs: [[8, 2]] },
    { config: { poolSize: [4], strides: [1], padding: [[2, 1]] }, inputs: [[7, 3]] },
  ],
  forward(op, site, [x]) {
    const { poolSize, strides, pads, outputSize } = poolOptions<1>(site)
    const window = {
      poolSize: [1, poolSize[0]], strides: [1, strides[0]], pads: [[0, 0], pads[0]], outputSize: [1, outputSize[0]],
    } as const
    return asRow(op, site, x!, (row) => op.avgPool2d(row, { ...window, includePad: site.config.countIncludePad }))
  },
}))
