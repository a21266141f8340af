// randomizedLeakyRelu: a leaky relu whose slopes are drawn while training.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import type { KeepsShape } from '../src/types/layer.ts'

/** What randomizedLeakyRelu takes. */
export interface RandomizedLeakyReluConfig {
  /** Smallest slope for negative numbers, 0 or more, default 1/8. */
  lower?: number
  /** Largest slope for negative numbers, default 1/3. */
  upper?: number
}

export interface RandomizedLeakyRelu extends KeepsShape<'randomizedLeakyRelu'> {}

const config = z.strictObject({
  lower: z.number().nonnegative().default(1 / 8),
  upper: z.number().nonnegative().default(1 / 3),
}).refine(({ lower, upper }) => lower <= upper, { path: ['upper'], message: 'must not be smaller than lower' })

/**
 * x where x > 0, else a · x, with a drawn from lower…upper for each number in training, and their mean otherwise.
 *
 * Keeps the shape; no parameters. The draws follow from the seed of the run, so that training can be repeated.
 */
export const randomizedLeakyRelu = withTypes<(config?: RandomizedLeakyReluConfig) => RandomizedLeakyRelu>()(defineLayer({
  kind: 'randomizedLeakyRelu',
  category: 'activation',
  summary: 'A leaky relu with random slopes in training.',
  summaryZh: '训练时斜率随机的 leaky ReLU。',
  formula: 'out = in where in > 0, else a·in, a ∈ [lower, upper]; no parameters; no MACs',
  paper: {
    title: 'Empirical evaluation of rectified activations in convolutional network', authors: 'Xu, Wang, Chen, Li', year: 2015,
    url: 'https://arxiv.org/abs/1505.00853',
  },
  config,
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: { lower: 0, upper: 0.5 }, inputs: [[6]] },
  ],
  ...elementwise,
  forward: (op, { config: { lower, upper } }, [x], _weights, { training, seed }) =>
    training ? op.randomSlope(x!, { lower, upper, seed }) : op.activation(x!, 'leakyRelu', (lower + upper) / 2),
}))
