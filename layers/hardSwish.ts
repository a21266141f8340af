// hardSwish: each number times its hard sigmoid.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import { follows } from '../src/spec/fusion.ts'
import type { KeepsShape } from '../src/types/layer.ts'

export interface HardSwish extends KeepsShape<'hardSwish'> {}

/** x · min(max(x + 3, 0), 6) / 6, number by number: a silu without exponentials. Keeps the shape; no parameters. */
export const hardSwish = withTypes<() => HardSwish>()(defineLayer({
  kind: 'hardSwish',
  category: 'activation',
  summary: 'Multiplies each number by its hard sigmoid.',
  summaryZh: '把每个数乘以其 hard sigmoid。',
  formula: 'out = in · min(max(in + 3, 0), 6) / 6; no parameters; no MACs',
  paper: {
    title: 'Searching for MobileNetV3', authors: 'Howard et al.', year: 2019,
    url: 'https://arxiv.org/abs/1905.02244',
  },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: {}, inputs: [[6]] },
  ],
  ...elementwise,
  follows: follows('hardSwish'),
  forward: (op, _site, [x]) => op.activation(x!, 'hardSwish'),
}))
