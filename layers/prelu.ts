// prelu: a leaky relu that learns its slopes.
import { z } from 'zod'
import { type Initializer, initializer } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { channelwise } from '../src/spec/elementwise.ts'
import type { KeepsRankedShape } from '../src/types/layer.ts'

/** What prelu takes. */
export interface PreluConfig {
  /** One slope for all channels instead of one for each, default false. */
  shared?: boolean
  /** Default { constant: 0.25 }, as in the paper; Keras' is 'zeros'. */
  alphaInitializer?: Initializer
}

export interface Prelu extends KeepsRankedShape<'prelu'> {}

const config = z.strictObject({
  shared: z.boolean().default(false),
  alphaInitializer: initializer.default({ constant: 0.25 }),
})

/**
 * x where x > 0, else alpha · x, with a learned alpha for each channel of the last axis, or with `shared` one for all.
 *
 * Keeps the shape. Weight: alpha [channels], or [1].
 *
 * @throws LayergraphError from `graph()`: `shape/scalar`.
 */
export const prelu = withTypes<(config?: PreluConfig) => Prelu>()(defineLayer({
  kind: 'prelu',
  category: 'activation',
  summary: 'A leaky relu that learns its slopes.',
  summaryZh: '斜率可学习的 leaky ReLU。',
  formula: 'out = in where in > 0, else alpha·in; params = C, or 1 when shared; no MACs',
  paper: {
    title: 'Delving deep into rectifiers: surpassing human-level performance on ImageNet classification',
    authors: 'He, Zhang, Ren, Sun', year: 2015, url: 'https://arxiv.org/abs/1502.01852',
  },
  config,
  examples: [
    { config: {}, inputs: [[3, 4, 2]] },
    { config: { shared: true }, inputs: [[4, 3, 3]] },
    { config: { alphaInitializer: 'zeros' }, inputs: [[6]] },
  ],
  ...channelwise,
  letters: ({ config: { shared }, inputs: [input] }) =>
    ({ letters: { C: input?.at(-1) as number }, ...(shared ? { reads: { C: '1' } } : {}) }),
  weights: ({ config: { shared, alphaInitializer }, inputs: [input] }) =>
    [{ name: 'alpha', shape: [shared ? 1 : input?.at(-1) ?? null], initializer: alphaInitializer, trainable: true }],
  forward: (op, _site, [x], { alpha }) => op.prelu(x!, alpha!),
}))
