// slice: a box cut out of a tensor.
import { z } from 'zod'
import { size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { cropField, pointwise } from '../src/spec/field.ts'
import { misfit, output } from '../src/spec/layer.ts'
import { type Dims, showDims, type Size } from '../src/spec/tensor.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { SliceOut } from '../src/types/merge.ts'
import type { One, Shape } from '../src/types/shape.ts'

/** What slice takes. The words are TensorFlow's; the batch has no number in them. */
export interface SliceConfig<B extends Shape = Shape, S extends Shape = Shape> {
  /** The first index along every axis. */
  begin: B
  /** How many along every axis; −1 for all the rest. */
  size: S
}

export interface Slice<B extends Shape, S extends Shape> extends Callable {
  readonly kind: 'slice'
  readonly [SETTINGS]: [B, S]
  readonly [OUT]: SliceOut<One<this[typeof IN], 'slice'>, B, S>
}

type Factory = <const B extends readonly number[], const S extends readonly number[]>(config: SliceConfig<B, S>) => Slice<B, S>

const config = z.strictObject({
  begin: z.array(z.int().nonnegative()).min(1).readonly(),
  size: z.array(z.union([size, z.literal(-1)])).readonly(),
}).refine((it) => it.begin.length === it.size.length, { path: ['size'], message: 'must have as many numbers as begin' })

/** How many are left along one axis; a sentence when they are not there. */
function left(whole: Size, from: number, count: number): Size | string {
  if (count === -1) {
    if (whole === null) return null
    return whole > from ? whole - from : `there is nothing from ${from} on in a size of ${whole}`
  }
  return whole === null || from + count <= whole ? count : `${count} from ${from} on do not fit into a size of ${whole}`
}

/**
 * The box of `size` numbers from `begin` on: `slice({ begin: [0, 0, 8], size: [-1, -1, 8] })` takes channels 8 to 15.
 *
 * @throws LayergraphError from `graph()`: `shape/slice`.
 */
export const slice = withTypes<Factory>()(defineLayer({
  kind: 'slice',
  category: 'reshape',
  summary: 'Cuts a box out of a tensor.',
  summaryZh: '从张量中切出一块。',
  formula: 'out = size; no parameters; no MACs',
  config,
  examples: [
    { config: { begin: [0, 0, 1], size: [-1, -1, 2] }, inputs: [[3, 4, 5]] },
    { config: { begin: [1, 2, 0], size: [2, -1, 2] }, inputs: [[4, 5, 2]] },
    { config: { begin: [2], size: [3] }, inputs: [[6]] },
  ],
  infer({ config: { begin, size: sizes }, inputs: [input] }) {
    const dims = input as Dims
    if (dims.length !== begin.length) {
      return misfit(
        'shape/slice', `begin and size are for ${begin.length} axes, but the input is ${showDims(dims)}`,
        'give a number for every axis but the batch',
      )
    }
    const cut = dims.map((whole, axis) => left(whole, begin[axis] as number, sizes[axis] as number))
    const wrong = cut.find((one) => typeof one === 'string')
    return wrong === undefined ? output(cut as Dims) : misfit('shape/slice', wrong, 'take fewer, or begin earlier')
  },
  macs: () => 0,
  field({ config: { begin }, inputs: [input], outputs: [cut] }) {
    const spatial = (input as Dims).slice(0, -1)
    if (spatial.length === 0) return pointwise
    // What is cut off at the end moves nothing, known or not.
    return cropField(spatial.map((whole, axis) =>
      [begin[axis] as number, (whole ?? 0) - (whole === null ? 0 : (begin[axis] as number) + (cut?.[axis] as number))]))
  },
  forward: (op, { config: { begin }, outputs: [cut] }, [x]) => op.slice(x!, [0, ...begin], [x!.shape[0]!, ...cut as number[]]),
}))
