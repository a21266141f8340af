// hardSigmoid: the sigmoid made of three straight lines.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import { follows } from '../src/spec/fusion.ts'
import { activationTraits } from '../src/spec/traits.ts'
import type { KeepsShape } from '../src/types/layer.ts'

export interface HardSigmoid extends KeepsShape<'hardSigmoid'> {}

/**
 * min(max(x + 3, 0), 6) / 6, number by number. Keeps the shape; no parameters.
 *
 * As in PyTorch and Keras 3; Keras 2 and TensorFlow.js have a slope of 0.2 instead of 1/6.
 */
export const hardSigmoid = withTypes<() => HardSigmoid>()(defineLayer({
  kind: 'hardSigmoid',
  category: 'activation',
  summary: 'A sigmoid of straight lines.',
  summaryZh: '由直线段组成的 sigmoid。',
  formula: 'out = min(max(in + 3, 0), 6) / 6; no parameters; no MACs',
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
  traits: activationTraits('hardSigmoid'),
  follows: follows('hardSigmoid'),
  forward: (op, _site, [x]) => op.activation(x!, 'hardSigmoid'),
}))
