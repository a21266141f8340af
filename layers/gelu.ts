// gelu: each number times the share of the normal distribution below it.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import type { KeepsShape } from '../src/types/layer.ts'

/** What gelu takes. */
export interface GeluConfig {
  /** Uses the approximation by tanh, default false. */
  approximate?: boolean
}

export interface Gelu extends KeepsShape<'gelu'> {}

/**
 * x · Φ(x), number by number, Φ the distribution function of the normal distribution. Keeps the shape; no parameters.
 *
 * With `approximate` it is x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))), which differs by less than 0.0005.
 */
export const gelu = withTypes<(config?: GeluConfig) => Gelu>()(defineLayer({
  kind: 'gelu',
  category: 'activation',
  summary: 'Weighs each number by how large it is among normal ones.',
  summaryZh: '按每个数在正态分布中的位置加权。',
  formula: 'out = in·Φ(in); no parameters; no MACs',
  paper: {
    title: 'Gaussian error linear units (GELUs)', authors: 'Hendrycks, Gimpel', year: 2016,
    url: 'https://arxiv.org/abs/1606.08415',
  },
  config: z.strictObject({ approximate: z.boolean().default(false) }),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: { approximate: true }, inputs: [[6]] },
  ],
  ...elementwise,
  follows: ({ config: { approximate } }) => (approximate ? null : { does: 'activation', activation: 'gelu' }),
  forward: (op, { config: { approximate } }, [x]) => op.activation(x!, approximate ? 'geluTanh' : 'gelu'),
}))
