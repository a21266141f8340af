// relu6: negative numbers become zero, and none is larger than six.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import { follows } from '../src/spec/fusion.ts'
import { activationTraits } from '../src/spec/traits.ts'
import type { KeepsShape } from '../src/types/layer.ts'

export interface Relu6 extends KeepsShape<'relu6'> {}

/** min(max(x, 0), 6), number by number. Keeps the shape; no parameters. */
export const relu6 = withTypes<() => Relu6>()(defineLayer({
  kind: 'relu6',
  category: 'activation',
  summary: 'Cuts numbers off below zero and above six.',
  summaryZh: '把数限制在零与六之间。',
  formula: 'out = min(max(in, 0), 6); no parameters; no MACs',
  paper: {
    title: 'Convolutional deep belief networks on CIFAR-10', authors: 'Krizhevsky', year: 2010,
    url: 'https://www.cs.toronto.edu/~kriz/conv-cifar10-aug2010.pdf',
  },
  config: z.strictObject({}),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: {}, inputs: [[6]] },
  ],
  ...elementwise,
  traits: activationTraits('relu6'),
  follows: follows('relu6'),
  forward: (op, _site, [x]) => op.activation(x!, 'relu6'),
}))
