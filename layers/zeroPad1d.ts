// zeroPad1d: zeros around a sequence.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { padPage, type PadSettings } from '../src/spec/resizing.ts'
import { asRow } from '../src/spec/row.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { PadOut, Series, Sides1d } from '../src/types/shape.ts'

/** What zeroPad1d takes. */
export interface ZeroPad1dConfig<P extends number | Sides1d = number | Sides1d> extends PadSettings<P> {}

export interface ZeroPad1d<P extends number | Sides1d> extends Callable {
  readonly kind: 'zeroPad1d'
  readonly [SETTINGS]: P
  readonly [OUT]: PadOut<Series<this[typeof IN], 'zeroPad1d'>, P>
}

type Factory = <const P extends number | Sides1d>(config: ZeroPad1dConfig<P>) => ZeroPad1d<P>

/**
 * Zeros around a sequence: [steps, c] → [steps + before + after, c].
 *
 * All zeros before the steps make a convolution that looks back only: `zeroPad1d({ padding: [[k − 1, 0]] })`.
 *
 * @throws LayergraphError from `graph()`: `shape/not-a-sequence`.
 */
export const zeroPad1d = withTypes<Factory>()(defineLayer({
  kind: 'zeroPad1d',
  ...padPage(1),
  summary: 'Puts zeros before and after a sequence.',
  summaryZh: '在序列前后补零。',
  examples: [
    { config: { padding: 1 }, inputs: [[4, 2]] },
    { config: { padding: [[2, 0]] }, inputs: [[3, 3]] },
  ],
  forward: (op, site, [x]) => asRow(op, site, x!, (row) => op.zeroPad2d(row, [[0, 0], site.config.padding[0]])),
}))
