// logSoftmax: the logarithms of softmax.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { channelwise } from '../src/spec/elementwise.ts'
import { globalField, pointwise } from '../src/spec/field.ts'
import { follows } from '../src/spec/fusion.ts'
import type { KeepsRankedShape } from '../src/types/layer.ts'

export interface LogSoftmax extends KeepsRankedShape<'logSoftmax'> {}

/**
 * x − log Σ e^x along the last axis: the logarithms of probabilities, exact also where those are nearly 0.
 *
 * Keeps the shape; no parameters.
 *
 * @throws LayergraphError from `graph()`: `shape/scalar`.
 */
export const logSoftmax = withTypes<() => LogSoftmax>()(defineLayer({
  kind: 'logSoftmax',
  category: 'activation',
  summary: 'Turns the last axis into logarithms of probabilities.',
  summaryZh: '把最后一个轴变成概率的对数。',
  formula: 'out = in − log Σ e^in; no parameters; no MACs',
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
  follows: follows('logSoftmax'),
  forward: (op, _site, [x]) => op.activation(x!, 'logSoftmax'),
}))
