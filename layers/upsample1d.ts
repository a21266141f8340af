// upsample1d: a sequence made longer by a whole factor.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { upsamplePage, type UpsampleSettings } from '../src/spec/resizing.ts'
import { asRow } from '../src/spec/row.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Series, Size1d, UpsampleOut } from '../src/types/shape.ts'

/** What upsample1d takes. */
export interface Upsample1dConfig<S extends Size1d = Size1d> extends UpsampleSettings<S, 'linear'> {}

export interface Upsample1d<S extends Size1d = 2> extends Callable {
  readonly kind: 'upsample1d'
  readonly [SETTINGS]: S
  readonly [OUT]: UpsampleOut<Series<this[typeof IN], 'upsample1d'>, S>
}

type Factory = <const S extends Size1d = 2>(config?: Upsample1dConfig<S>) => Upsample1d<S>

/**
 * A sequence made longer by a whole factor: [steps, c] → [steps · size[0], c].
 *
 * 'nearest' repeats every step. 'linear' takes steps to be stretches with their numbers in the middle: output i lies at
 * (i + ½) / size − ½ of the input, clipped at the ends. That is PyTorch's `align_corners=False`; Keras' UpSampling1D has
 * 'nearest' alone.
 *
 * @throws LayergraphError from `graph()`: `shape/not-a-sequence`.
 */
export const upsample1d = withTypes<Factory>()(defineLayer({
  kind: 'upsample1d',
  ...upsamplePage(1, 'linear'),
  summary: 'Makes a sequence longer, by repeating its steps or by blending them.',
  summaryZh: '放大序列：重复各步，或在各步间混合。',
  examples: [
    { config: {}, inputs: [[4, 2]] },
    { config: { size: [3] }, inputs: [[2, 5]] },
    { config: { size: 3, interpolation: 'linear' }, inputs: [[4, 3]] },
  ],
  forward(op, site, [x]) {
    const { size: [steps], interpolation } = site.config
    return asRow(op, site, x!, (row) => op.upsample2d(row, { size: [1, steps], interpolation: interpolation === 'nearest' ? 'nearest' : 'bilinear' }))
  },
}))
