// dropout: in training, a random part of the numbers is set to zero.
import { z } from 'zod'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { elementwise } from '../src/spec/elementwise.ts'
import type { KeepsShape } from '../src/types/layer.ts'

/** What dropout takes. */
export interface DropoutConfig {
  /** The part of the numbers that is dropped: at least 0 and below 1. */
  rate: number
}

export interface Dropout extends KeepsShape<'dropout'> {}

/** Drops each number with probability `rate` in training and divides the others by 1 − rate; else changes nothing. */
export const dropout = withTypes<(config: DropoutConfig) => Dropout>()(defineLayer({
  kind: 'dropout',
  category: 'regularization',
  summary: 'Sets a random part of the numbers to zero in training.',
  summaryZh: '训练时随机把一部分数置零。',
  formula: 'out = in; no parameters; no MACs',
  paper: {
    title: 'Dropout: a simple way to prevent neural networks from overfitting',
    authors: 'Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov', year: 2014,
    url: 'https://jmlr.org/papers/v15/srivastava14a.html',
  },
  config: z.strictObject({ rate: z.number().min(0).lt(1) }),
  examples: [
    { config: { rate: 0.5 }, inputs: [[6]] },
    { config: { rate: 0.25 }, inputs: [[3, 4, 2]] },
    { config: { rate: 0 }, inputs: [[4]] },
  ],
  ...elementwise,
  traits: () => ({ drops: true }),
  follows: ({ config: { rate } }, { training }) => (training && rate > 0 ? null : { does: 'nothing' }),
  forward: (op, { config: { rate } }, [x], _weights, { training, seed }) =>
    training && rate > 0 ? op.dropout(x!, { rate, seed }) : x!,
}))
