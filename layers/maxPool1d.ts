// maxPool1d: the largest number under a window that slides along a sequence.
//
// It runs as maxPool2d on an image of one row.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { inferPool, poolField, poolIssues, poolKeys, poolOptions, wholeStrides } from '../src/spec/pool.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Padding1d, PoolOut, Series, Size1d } from '../src/types/shape.ts'

/** What maxPool1d takes. */
export interface MaxPool1dConfig<
  K extends Size1d = Size1d, S extends Size1d = Size1d, P extends Padding1d = Padding1d, C extends boolean = boolean,
> {
  /** Steps that the window spans. */
  poolSize: K
  /** Step of the window, default `poolSize`. */
  strides?: S
  /** 'valid' (default), 'same' (output size ceil(size / stride)), a number for both sides, or [[before, after]]. Numbers must be smaller than the window. */
  padding?: P
  /** Rounds the output size up, so that a last window may hang over the edge, default false. */
  ceilMode?: C
}

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

const config = z.strictObject(poolKeys(1)).superRefine(poolIssues).transform(wholeStrides)

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
  category: 'pooling',
  summary: 'Keeps the largest number under a window that slides along a sequence.',
  summaryZh: '窗口沿序列滑动，取窗口内的最大值。',
  formula: 'out = floor((in + P − K)/S) + 1; no parameters; no multiplications',
  paper: {
    title: 'Evaluation of pooling operations in convolutional architectures for object recognition',
    authors: 'Scherer, Müller, Behnke', year: 2010, url: 'https://doi.org/10.1007/978-3-642-15825-4_10',
  },
  config,
  examples: [
    { config: { poolSize: 2 }, inputs: [[9, 3]] },
    { config: { poolSize: 3, strides: 2, padding: 'same' }, inputs: [[8, 2]] },
    { config: { poolSize: 3, strides: 2, padding: 1, ceilMode: true }, inputs: [[8, 2]] },
    { config: { poolSize: [4], strides: [1], padding: [[2, 1]] }, inputs: [[7, 3]] },
  ],
  infer: (use) => inferPool(use),
  macs: () => 0,
  field: (site) => poolField(site),
  forward(op, site, [x]) {
    const [steps, channels] = site.inputs[0] as readonly [number, number]
    const { poolSize, strides, pads, outputSize } = poolOptions<1>(site)
    const row = op.reshape(x!, [x!.shape[0]!, 1, steps, channels])
    const window = {
      poolSize: [1, poolSize[0]], strides: [1, strides[0]], pads: [[0, 0], pads[0]], outputSize: [1, outputSize[0]],
    } as const
    const y = op.maxPool2d(row, window)
    return op.reshape(y, [x!.shape[0]!, outputSize[0], channels])
  },
}))
