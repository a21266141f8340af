// softmax: numbers along the last axis become probabilities.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { channelwise } from '../src/spec/elementwise.ts'
import { globalField, pointwise } from '../src/spec/field.ts'
import { follows } from '../src/spec/fusion.ts'
import { activationTraits } from '../src/spec/traits.ts'
import type { KeepsRankedShape } from '../src/types/layer.ts'

export interface Softmax extends KeepsRankedShape<'softmax'> {}

/**
 * e^x / Σ e^x along the last axis: positive numbers that sum to 1. Keeps the shape; no parameters.
 *
 * @throws LayergraphError from `graph()`: `shape/scalar`.
 */
export const softmax = withTypes<() => Softmax>()(defineLayer({
  kind: 'softmax',
  category: 'activation',
  summary: 'Turns the last axis into probabilities.',
  summaryZh: '把最后一个轴变成概率。',
  formula: 'out = e^in / Σ e^in; no parameters; no MACs',
  paper: {
    title: 'Probabilistic interpretation of feedforward classification network outputs', authors: 'Bridle', year: 1990,
    url: 'https://doi.org/10.1007/978-3-642-76153-9_28',
  },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[6]] },
    { config: {}, inputs: [[3, 4, 2]] },
  ],
  ...channelwise,
  field: ({ inputs: [input] }) => (input?.length === 1 ? globalField : pointwise),
  traits: activationTraits('softmax'),
  follows: follows('softmax'),
  forward: (op, _site, [x]) => op.activation(x!, 'softmax'),
}))
