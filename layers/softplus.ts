// softplus: a smooth relu.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import { follows } from '../src/spec/fusion.ts'
import type { KeepsShape } from '../src/types/layer.ts'

export interface Softplus extends KeepsShape<'softplus'> {}

/** log(1 + e^x), number by number, without overflow. Keeps the shape; no parameters. */
export const softplus = withTypes<() => Softplus>()(defineLayer({
  kind: 'softplus',
  category: 'activation',
  summary: 'A relu with a rounded corner.',
  summaryZh: '拐角变圆的 ReLU。',
  formula: 'out = log(1 + e^in); no parameters; no MACs',
  paper: {
    title: 'Incorporating second-order functional knowledge for better option pricing', authors: 'Dugas, Bengio, Bélisle, Nadeau, Garcia', year: 2001,
    url: 'https://papers.nips.cc/paper/2000/hash/44968aece94f667e4095002d140b5896-Abstract.html',
  },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: {}, inputs: [[6]] },
  ],
  ...elementwise,
  follows: follows('softplus'),
  forward: (op, _site, [x]) => op.activation(x!, 'softplus'),
}))
