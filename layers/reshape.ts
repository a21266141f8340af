// reshape: the same numbers in another shape.
import { z } from 'zod'
import { size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { misfit, output } from '../src/spec/layer.ts'
import { countOf, type Dims, showDims } from '../src/spec/tensor.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Count, Dims as DimsOf, MayEqual, Num, One, Shape, Show } from '../src/types/shape.ts'

/** What reshape takes. */
export interface ReshapeConfig<T extends Shape = Shape> {
  /** The sizes of the output, without the batch dimension. */
  shape: T
}

type ReshapeOut<X, T extends Shape> =
  X extends string ? X
  : MayEqual<Count<X>, Count<T>> extends true ? T
  : `reshape: ${Show<X>} holds ${Num<Count<X>>} numbers and ${Show<T>} holds ${Num<Count<T>>}`

export interface Reshape<T extends Shape> extends Callable {
  readonly kind: 'reshape'
  readonly [SETTINGS]: T
  readonly [OUT]: ReshapeOut<One<this[typeof IN], 'reshape'>, T>
}

type Factory = <const T extends Shape>(config: ReshapeConfig<T>) => Reshape<DimsOf<T>>

/**
 * The same numbers, last axis fastest, in another shape.
 *
 * @throws LayergraphError from `graph()`: `shape/count`, when the two shapes do not hold equally many numbers.
 */
export const reshape = withTypes<Factory>()(defineLayer({
  kind: 'reshape',
  category: 'reshape',
  summary: 'Gives the same numbers another shape.',
  summaryZh: '同样的数，另一种形状。',
  formula: 'out = shape; no parameters; no MACs',
  config: z.strictObject({ shape: z.array(size).readonly() }),
  examples: [
    { config: { shape: [2, 3, 4] }, inputs: [[24]] },
    { config: { shape: [6, 2] }, inputs: [[2, 2, 3]] },
  ],
  infer({ config: { shape }, inputs: [input] }) {
    const has = countOf(input as Dims)
    const wants = countOf(shape)
    if (has === null || has === wants) return output(shape)
    return misfit(
      'shape/count', `${showDims(input as Dims)} holds ${has} numbers and ${showDims(shape)} holds ${wants}`,
      'choose sizes whose product is that of the input',
    )
  },
  macs: () => 0,
  field: () => ({ rule: 'reshape' }),
  follows: () => ({ does: 'reshape' }),
  forward: (op, { config }, [x]) => op.reshape(x!, [x!.shape[0]!, ...config.shape]),
}))
