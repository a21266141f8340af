// permute: the axes in another order.
import { z } from 'zod'
import { size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { pointwise } from '../src/spec/field.ts'
import { misfit, output } from '../src/spec/layer.ts'
import { type Dims, showDims, type Size } from '../src/spec/tensor.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { PermuteOut } from '../src/types/merge.ts'
import type { One, Shape } from '../src/types/shape.ts'

/** What permute takes. The word is Keras'. */
export interface PermuteConfig<D extends Shape = Shape> {
  /** The input's axes in the order of the output's; 1 is the first after the batch. */
  dims: D
}

export interface Permute<D extends Shape> extends Callable {
  readonly kind: 'permute'
  readonly [SETTINGS]: D
  readonly [OUT]: PermuteOut<One<this[typeof IN], 'permute'>, D>
}

const isOrder = (dims: readonly number[]): boolean => dims.toSorted((a, b) => a - b).every((axis, at) => axis === at + 1)

/**
 * The axes in another order: `permute({ dims: [2, 1, 3] })` swaps height and width.
 *
 * @throws LayergraphError from `graph()`: `shape/rank`.
 */
export const permute = withTypes<<const D extends readonly number[]>(config: PermuteConfig<D>) => Permute<D>>()(defineLayer({
  kind: 'permute',
  category: 'reshape',
  summary: 'Puts the axes in another order.',
  summaryZh: '改变各轴的次序。',
  formula: 'out axis i = in axis dims[i]; no parameters; no MACs',
  config: z.strictObject({
    dims: z.array(size).min(1).readonly().refine(isOrder, 'must name every axis from 1 on once'),
  }),
  examples: [
    { config: { dims: [2, 1, 3] }, inputs: [[3, 4, 2]] },
    { config: { dims: [1] }, inputs: [[5]] },
  ],
  infer({ config: { dims }, inputs: [input] }) {
    const shape = input as Dims
    if (shape.length === dims.length) return output(dims.map((axis) => shape[axis - 1] as Size))
    return misfit('shape/rank', `orders ${dims.length} axes, but the input is ${showDims(shape)}`, 'name every axis but the batch')
  },
  macs: () => 0,
  field({ config: { dims } }) {
    if (dims.length === 1) return pointwise
    // With the channels elsewhere there is no image any more.
    return dims.at(-1) === dims.length ? { rule: 'permute', axes: dims.slice(0, -1).map((axis) => axis - 1) } : { rule: 'opaque' }
  },
  forward: (op, { config: { dims } }, [x]) => op.transpose(x!, [0, ...dims]),
}))
