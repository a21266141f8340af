// relu: negative numbers become zero.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import { follows } from '../src/spec/fusion.ts'
import { activationTraits } from '../src/spec/traits.ts'
import type { KeepsShape } from '../src/types/layer.ts'

export interface Relu extends KeepsShape<'relu'> {}

/** max(x, 0), number by number. Keeps the shape; no parameters. */
export const relu = withTypes<() => Relu>()(defineLayer({
  kind: 'relu',
  category: 'activation',
  summary: 'Sets negative numbers to zero.',
  summaryZh: '把负数置零。',
  formula: 'out = max(in, 0); no parameters; no MACs',
  paper: {
    title: 'Rectified linear units improve restricted Boltzmann machines', authors: 'Nair, Hinton', year: 2010,
    url: 'https://icml.cc/Conferences/2010/papers/432.pdf',
  },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: {}, inputs: [[6]] },
  ],
  ...elementwise,
  traits: activationTraits('relu'),
  follows: follows('relu'),
  forward: (op, _site, [x]) => op.activation(x!, 'relu'),
}))
