// Optimizers: what they are set to, what they remember of each weight, how they change it. They are data; what they
// remember is kept by whoever trains.
import type { Tensor } from '@tensorflow/tfjs-core'
import { adamUpdateAll, sgdUpdateAll } from '../kernels/optimizer.ts'
import { failure } from '../spec/issue.ts'
import type { Schedule } from './schedules.ts'

export interface UpdateContext {
  readonly learningRate: number
  /** The number of this update, from 1. */
  readonly step: number
}

/** A weight that is trained, with its gradient and what the optimizer keeps of it, in the order of its `slots`. */
export interface WeightUpdate {
  readonly weight: Tensor
  readonly gradient: Tensor
  readonly slots: readonly Tensor[]
}

export interface Optimizer {
  readonly name: string
  readonly learningRate: number | Schedule
  readonly settings: Readonly<Record<string, number | boolean>>
  /** Tensors it keeps for each weight, in the weight's shape, zero at first. */
  readonly slots: readonly string[]
  /** Changes the weights and their slots in place. */
  readonly update: (weights: readonly WeightUpdate[], context: UpdateContext) => void
}

function check(name: string, key: string, value: number, from: number, below: number): void {
  if (value >= from && value < below) return
  throw failure('train/optimizer', `${name}: ${key}`, `is ${value}`, `give a number from ${from}${below === Number.POSITIVE_INFINITY ? '' : `, less than ${below}`}`)
}

function checkRate(name: string, learningRate: number | Schedule): void {
  if (typeof learningRate === 'number') check(name, 'learningRate', learningRate, 0, Number.POSITIVE_INFINITY)
  else if (typeof learningRate !== 'function') throw failure('train/optimizer', `${name}: learningRate`, `is ${String(learningRate)}`, 'give a number or a schedule')
}

export interface SgdOptions {
  /** Default 0. */
  readonly momentum?: number
  /** Looks one step ahead along the momentum, default false. */
  readonly nesterov?: boolean
  /** Added to the gradient times the weight, default 0. */
  readonly weightDecay?: number
}

/** Gradient descent: v = momentum · v + g, w −= learningRate · v, as PyTorch has it. Default learning rate 0.01. */
export function sgd(
  learningRate: number | Schedule = 0.01, { momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions = {},
): Optimizer {
  checkRate('sgd', learningRate)
  check('sgd', 'momentum', momentum, 0, 1)
  check('sgd', 'weightDecay', weightDecay, 0, Number.POSITIVE_INFINITY)
  if (nesterov && momentum === 0) throw failure('train/optimizer', 'sgd: nesterov', 'needs a momentum', 'give momentum: 0.9')
  const settings = { momentum, nesterov, weightDecay }
  return {
    name: 'sgd', learningRate, settings, slots: momentum === 0 ? [] : ['velocity'],
    update: (weights, { learningRate: rate }) => sgdUpdateAll(
      weights.map(({ weight, gradient, slots: [velocity] }) => ({ parameter: weight, gradient, velocity: velocity ?? null })),
      { ...settings, learningRate: rate },
    ),
  }
}

export interface AdamOptions {
  /** Decay of the mean of gradients, default 0.9. */
  readonly beta1?: number
  /** Decay of the mean of their squares, default 0.999. */
  readonly beta2?: number
  /** Default 1e-8. */
  readonly epsilon?: number
}

function adaptive(
  name: string, learningRate: number | Schedule, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions, weightDecay: number,
): Optimizer {
  checkRate(name, learningRate)
  check(name, 'beta1', beta1, 0, 1)
  check(name, 'beta2', beta2, 0, 1)
  check(name, 'epsilon', epsilon, 0, Number.POSITIVE_INFINITY)
  check(name, 'weightDecay', weightDecay, 0, Number.POSITIVE_INFINITY)
  const settings = { beta1, beta2, epsilon, weightDecay }
  return {
    name, learningRate, settings, slots: ['m', 'v'],
    update: (weights, context) => adamUpdateAll(
      weights.map(({ weight, gradient, slots: [m, v] }) => ({ parameter: weight, gradient, m: m as Tensor, v: v as Tensor })),
      { ...settings, ...context },
    ),
  }
}

/** Adam (Kingma and Ba 2015, https://arxiv.org/abs/1412.6980). Default learning rate 0.001. */
export function adam(learningRate: number | Schedule = 1e-3, options: AdamOptions = {}): Optimizer {
  return adaptive('adam', learningRate, options, 0)
}

export interface AdamWOptions extends AdamOptions {
  /** Shrinks weights by learningRate · weightDecay at each step, apart from the gradient; default 0.01. */
  readonly weightDecay?: number
}

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101). */
export function adamW(
  learningRate: number | Schedule = 1e-3, { weightDecay = 0.01, ...options }: AdamWOptions = {},
): Optimizer {
  return adaptive('adamW', learningRate, options, weightDecay)
}

/** All optimizers, by name. */
export const optimizers = { sgd, adam, adamW } as const
