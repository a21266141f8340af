// selu: elu scaled so that mean 0 and variance 1 are kept.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import { follows } from '../src/spec/fusion.ts'
import type { KeepsShape } from '../src/types/layer.ts'

export interface Selu extends KeepsShape<'selu'> {}

/**
 * λ · (x where x > 0, else α · (e^x − 1)) with λ = 1.0507… and α = 1.6733…, number by number. Keeps the shape; no parameters.
 *
 * With weights of variance 1 / inputs, numbers of mean 0 and variance 1 keep both from layer to layer.
 */
export const selu = withTypes<() => Selu>()(defineLayer({
  kind: 'selu',
  category: 'activation',
  summary: 'An elu that keeps mean 0 and variance 1.',
  summaryZh: '保持均值 0、方差 1 的 ELU。',
  formula: 'out = 1.0507·(in where in > 0, else 1.6733·(e^in − 1)); no parameters; no MACs',
  paper: {
    title: 'Self-normalizing neural networks', authors: 'Klambauer, Unterthiner, Mayr, Hochreiter', year: 2017,
    url: 'https://arxiv.org/abs/1706.02515',
  },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: {}, inputs: [[6]] },
  ],
  ...elementwise,
  follows: follows('selu'),
  forward: (op, _site, [x]) => op.activation(x!, 'selu'),
}))
