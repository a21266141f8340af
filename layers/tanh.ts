// tanh: squeezes every number into −1 to 1.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import { follows } from '../src/spec/fusion.ts'
import { activationTraits } from '../src/spec/traits.ts'
import type { KeepsShape } from '../src/types/layer.ts'

export interface Tanh extends KeepsShape<'tanh'> {}

/** tanh(x), number by number. Keeps the shape; no parameters. */
export const tanh = withTypes<() => Tanh>()(defineLayer({
  kind: 'tanh',
  category: 'activation',
  summary: 'Squeezes every number into −1 to 1.',
  summaryZh: '把每个数压到 −1 与 1 之间。',
  formula: 'out = tanh(in); no parameters; no MACs',
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: {}, inputs: [[6]] },
  ],
  ...elementwise,
  traits: activationTraits('tanh'),
  follows: follows('tanh'),
  forward: (op, _site, [x]) => op.activation(x!, 'tanh'),
}))
