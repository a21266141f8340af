// elu: negative numbers approach −alpha.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import type { KeepsShape } from '../src/types/layer.ts'

/** What elu takes. */
export interface EluConfig {
  /** How far below zero the floor is, 0 or more, default 1. */
  alpha?: number
}

export interface Elu extends KeepsShape<'elu'> {}

/** x where x > 0, else alpha · (e^x − 1), number by number: smooth, with means nearer zero. Keeps the shape; no parameters. */
export const elu = withTypes<(config?: EluConfig) => Elu>()(defineLayer({
  kind: 'elu',
  category: 'activation',
  summary: 'Bends negative numbers smoothly towards a floor.',
  summaryZh: '让负数平滑地趋于下限。',
  formula: 'out = in where in > 0, else alpha·(e^in − 1); no parameters; no MACs',
  paper: {
    title: 'Fast and accurate deep network learning by exponential linear units (ELUs)', authors: 'Clevert, Unterthiner, Hochreiter', year: 2015,
    url: 'https://arxiv.org/abs/1511.07289',
  },
  config: z.strictObject({ alpha: z.number().nonnegative().default(1) }),
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: { alpha: 0.5 }, inputs: [[6]] },
  ],
  ...elementwise,
  follows: ({ config: { alpha } }) => (alpha === 1 ? { does: 'activation', activation: 'elu' } : null),
  forward: (op, { config: { alpha } }, [x]) => op.activation(x!, 'elu', alpha),
}))
