// leakyRelu: negative numbers shrink instead of vanishing.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import type { KeepsShape } from '../src/types/layer.ts'

/** What leakyRelu takes. */
export interface LeakyReluConfig {
  /** Slope for negative numbers, 0 or more, default 0.01. */
  alpha?: number
}

export interface LeakyRelu extends KeepsShape<'leakyRelu'> {}

/**
 * max(x, 0) + alpha · min(x, 0), number by number: a unit that is never quite dead. Keeps the shape; no parameters.
 *
 * The slope is called `alpha` as in TensorFlow.js and Keras 2; Keras 3 and PyTorch call it negative_slope. The default is
 * that of the paper and of PyTorch, 0.01; Keras' is 0.3.
 */
export const leakyRelu = withTypes<(config?: LeakyReluConfig) => LeakyRelu>()(defineLayer({
  kind: 'leakyRelu',
  category: 'activation',
  summary: 'Multiplies negative numbers by a small slope.',
  summaryZh: '把负数乘以一个小斜率。',
  formula: 'out = in where in > 0, else alpha·in; no parameters; no MACs',
  paper: {
    title: 'Rectifier nonlinearities improve neural network acoustic models', authors: 'Maas, Hannun, Ng', year: 2013,
    url: 'https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf',
  },
  config: z.strictObject({ alpha: z.number().nonnegative().default(0.01) }),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: { alpha: 0.3 }, inputs: [[6]] },
  ],
  ...elementwise,
  forward: (op, { config: { alpha } }, [x]) => op.activation(x!, 'leakyRelu', alpha),
}))
