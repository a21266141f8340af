// crop1d: a sequence without its edges.
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { cropPage, type CropSettings } from '../src/spec/resizing.ts'
import { asRow } from '../src/spec/row.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { CropOut, Series, Sides1d } from '../src/types/shape.ts'

/** What crop1d takes. */
export interface Crop1dConfig<P extends number | Sides1d = number | Sides1d> extends CropSettings<P> {}

export interface Crop1d<P extends number | Sides1d> extends Callable {
  readonly kind: 'crop1d'
  readonly [SETTINGS]: P
  readonly [OUT]: CropOut<Series<this[typeof IN], 'crop1d'>, 'crop1d', P>
}

type Factory = <const P extends number | Sides1d>(config: Crop1dConfig<P>) => Crop1d<P>

/**
 * A sequence without its edges: [steps, c] → [steps − before − after, c].
 *
 * @throws LayergraphError from `graph()`: `shape/all-cut`, `shape/not-a-sequence`.
 */
export const crop1d = withTypes<Factory>()(defineLayer({
  kind: 'crop1d',
  ...cropPage(1),
  summary: 'Cuts off the ends of a sequence.',
  summaryZh: '裁去序列的两端。',
  examples: [
    { config: { cropping: 1 }, inputs: [[5, 2]] },
    { config: { cropping: [[0, 2]] }, inputs: [[6, 3]] },
  ],
  forward: (op, site, [x]) => asRow(op, site, x!, (row) => op.crop2d(row, [[0, 0], site.config.cropping[0]])),
}))
