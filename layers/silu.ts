// silu: each number times its sigmoid; also called swish.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import { follows } from '../src/spec/fusion.ts'
import type { KeepsShape } from '../src/types/layer.ts'

export interface Silu extends KeepsShape<'silu'> {}

/** x · sigmoid(x), number by number; also called swish. Keeps the shape; no parameters. */
export const silu = withTypes<() => Silu>()(defineLayer({
  kind: 'silu',
  category: 'activation',
  summary: 'Multiplies each number by its sigmoid.',
  summaryZh: '把每个数乘以其 sigmoid。',
  formula: 'out = in / (1 + e^−in); no parameters; no MACs',
  paper: {
    title: 'Sigmoid-weighted linear units for neural network function approximation in reinforcement learning', authors: 'Elfwing, Uchibe, Doya', year: 2017,
    url: 'https://arxiv.org/abs/1702.03118',
  },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: {}, inputs: [[6]] },
  ],
  ...elementwise,
  follows: follows('silu'),
  forward: (op, _site, [x]) => op.activation(x!, 'silu'),
}))
