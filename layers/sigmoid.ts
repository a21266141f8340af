// sigmoid: squeezes every number into 0 to 1.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import { follows } from '../src/spec/fusion.ts'
import { activationTraits } from '../src/spec/traits.ts'
import type { KeepsShape } from '../src/types/layer.ts'

export interface Sigmoid extends KeepsShape<'sigmoid'> {}

/** 1 / (1 + e^−x), number by number. Keeps the shape; no parameters. */
export const sigmoid = withTypes<() => Sigmoid>()(defineLayer({
  kind: 'sigmoid',
  category: 'activation',
  summary: 'Squeezes every number into 0 to 1.',
  summaryZh: '把每个数压到 0 与 1 之间。',
  formula: 'out = 1 / (1 + e^−in); no parameters; no MACs',
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: {}, inputs: [[6]] },
  ],
  ...elementwise,
  traits: activationTraits('sigmoid'),
  follows: follows('sigmoid'),
  forward: (op, _site, [x]) => op.activation(x!, 'sigmoid'),
}))
