// dense: every output unit is a weighted sum of the last axis.
import { z } from 'zod'
import { type Activation, activation, type Initializer, initializer, size } from '../src/spec/config.ts'
import { defineLayer, withTypes } from '../src/spec/define.ts'
import { globalField, pointwise } from '../src/spec/field.ts'
import { scaleKernel, withActivation } from '../src/spec/fusion.ts'
import { output, scalarMisfit } from '../src/spec/layer.ts'
import { countOf, type Dims } from '../src/spec/tensor.ts'
import { outputTraits } from '../src/spec/traits.ts'
import type { Callable, IN, OUT, SETTINGS } from '../src/types/layer.ts'
import type { Ranked, Shape } from '../src/types/shape.ts'

/** What dense takes. */
export interface DenseConfig<U extends number = number> {
  /** Size of the output's last axis. */
  units: U
  /** Adds a learned number per unit, default true. */
  useBias?: boolean
  /** Applied to the output, default 'linear'. */
  activation?: Activation
  /** Default 'glorotUniform'. */
  kernelInitializer?: Initializer
  /** Default 'zeros'. */
  biasInitializer?: Initializer
}

type DenseOut<X, U extends number> =
  X extends readonly [...infer T extends Shape, unknown] ? [...T, U] : X extends string ? X : [...number[], U]

export interface Dense<U extends number> extends Callable {
  readonly kind: 'dense'
  readonly [SETTINGS]: U
  readonly [OUT]: DenseOut<Ranked<this[typeof IN], 'dense'>, U>
}

type Factory = <const U extends number>(config: DenseConfig<U>) => Dense<U>

const config = z.strictObject({
  units: size,
  useBias: z.boolean().default(true),
  activation: activation.default('linear'),
  kernelInitializer: initializer.default('glorotUniform'),
  biasInitializer: initializer.default('zeros'),
})

/**
 * A fully connected layer along the last axis: [features] → [units], and [h, w, c] → [h, w, units] pixel by pixel.
 *
 * Put `flatten()` before it to connect every pixel of an image. Weights: kernel [features, units], bias [units].
 *
 * @throws LayergraphError from `graph()`: `shape/scalar`.
 */
export const dense = withTypes<Factory>()(defineLayer({
  kind: 'dense',
  category: 'dense',
  summary: 'Connects every number of the last axis with every unit.',
  summaryZh: '把最后一个轴的每个数与每个单元相连。',
  formula: 'out = [..., units]; params = in·units + units; MACs = in·units·positions, one where there is no map',
  paper: {
    title: 'Learning representations by back-propagating errors', authors: 'Rumelhart, Hinton, Williams', year: 1986,
    url: 'https://doi.org/10.1038/323533a0',
  },
  config,
  examples: [
    { config: { units: 4 }, inputs: [[6]] },
    { config: { units: 3, activation: 'softmax' }, inputs: [[5]] },
    { config: { units: 5, useBias: false, activation: 'relu' }, inputs: [[3, 4, 2]] },
  ],
  letters: ({ config: { units, useBias }, inputs: [input] }) => ({
    letters: { in: input?.at(-1) as number, units, positions: countOf((input as Dims).slice(0, -1)) as number },
    ...(useBias ? {} : { reads: { ' + units': '' } }),
  }),
  infer({ config: { units }, inputs: [input] }) {
    const wrong = scalarMisfit(input as Dims)
    return wrong === null ? output([...(input as Dims).slice(0, -1), units]) : { misfits: [wrong] }
  },
  weights({ config: { units, useBias, kernelInitializer, biasInitializer }, inputs: [input] }) {
    const features = input?.at(-1) ?? null
    const kernel = {
      name: 'kernel', shape: [features, units], initializer: kernelInitializer, trainable: true,
      fans: { in: features ?? 1, out: units },
    }
    return useBias ? [kernel, { name: 'bias', shape: [units], initializer: biasInitializer, trainable: true }] : [kernel]
  },
  macs({ config: { units }, inputs: [input] }) {
    const count = countOf(input as Dims)
    return count === null ? null : count * units
  },
  traits: ({ config }) => outputTraits(config),
  field: ({ inputs: [input] }) => (input?.length === 1 ? globalField : pointwise),
  withActivation: (c, added) => withActivation(c, added),
  scaled: ({ config: { activation: own } }) => (own === 'linear' ? scaleKernel : null),
  forward: (op, { config }, [x], { kernel, bias }) => op.dense(x!, kernel!, bias ?? null, config.activation),
}))
