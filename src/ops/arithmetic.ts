// Sums, products and chance.
import { cast, greaterEqual, less, maximum as largest, mul, ones, reshape, sum, type Tensor } from '@tensorflow/tfjs-core'
import { dropout as drop } from '../kernels/dropout.ts'
import { multiplyRepeated, productSum, type Repeat, repeatOf } from '../kernels/repeat.ts'
import { addN, scale } from '../kernels/sum.ts'
import type { Activation } from '../spec/config.ts'
import type { DropoutOptions } from '../spec/ops.ts'
import { activation, fusable, remaining, unfuse } from './activation.ts'
import { constant, handle, record } from './gradient.ts'

/** activation(x₀ + x₁ + …); each gets the same gradient. */
export function add(xs: readonly Tensor[], kind: Activation = 'linear'): Tensor {
  const fused = fusable(kind)
  const y = record(Object.fromEntries(xs.entries()), {
    forward: () => addN(xs, fused),
    save: (sum) => (fused === 'linear' ? [] : [sum]),
    gradients: (dy, [sum]) => {
      const dz = fused === 'linear' ? dy : unfuse(dy, sum!, fused)
      return Object.fromEntries(xs.map((_x, index) => [index, () => handle(dz)]))
    },
  })
  return activation(y, remaining(kind))
}

/** The gradient of a broadcast: summed over the axes along which x was repeated. */
function unbroadcast(dy: Tensor, shape: readonly number[]): Tensor {
  const lead = dy.rank - shape.length
  const axes = dy.shape.flatMap((size, axis) => (axis < lead || (shape[axis - lead] === 1 && size !== 1) ? [axis] : []))
  return reshape(axes.length === 0 ? dy : sum(dy, axes), [...shape])
}

/** x times a factor that is repeated along neighbouring axes. */
function multiplyBy(x: Tensor, factor: Tensor, repeat: Repeat): Tensor {
  return record<{ x: Tensor; factor: Tensor }, Tensor>({ x, factor }, {
    forward: () => multiplyRepeated(x, factor, repeat),
    save: () => [x, factor],
    gradients: (dy, [savedX, savedFactor]) => ({
      x: () => multiplyRepeated(dy, savedFactor!, repeat),
      factor: () => reshape(productSum(dy, savedX!, repeat), factor.shape),
    }),
  })
}

/** Element by element; sizes of 1 are repeated. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  const [repeated, turned] = [repeatOf(a.shape, b.shape), repeatOf(b.shape, a.shape)]
  if (repeated !== null) return multiplyBy(a, b, repeated)
  if (turned !== null) return multiplyBy(b, a, turned)
  return record<{ a: Tensor; b: Tensor }, Tensor>({ a, b }, {
    forward: () => mul(a, b),
    save: () => [a, b],
    gradients: (dy, [savedA, savedB]) => ({
      a: () => unbroadcast(mul(dy, savedB!), a.shape),
      b: () => unbroadcast(mul(dy, savedA!), b.shape),
    }),
  })
}

/** The mean of tensors of one shape. */
export function average(xs: readonly Tensor[]): Tensor {
  const share = 1 / xs.length
  return record<Record<string, Tensor>, Tensor>(Object.fromEntries(xs.entries()), {
    forward: () => scale(addN(xs), share),
    save: () => [],
    gradients: (dy) => Object.fromEntries(xs.map((_x, index) => [index, () => scale(dy, share)])),
  })
}

function larger(a: Tensor, b: Tensor): Tensor {
  return record<{ a: Tensor; b: Tensor }, Tensor>({ a, b }, {
    forward: () => largest(a, b),
    save: () => [a, b],
    gradients: (dy, [savedA, savedB]) => ({
      a: () => mul(dy, cast(greaterEqual(savedA!, savedB!), 'float32')),
      b: () => mul(dy, cast(less(savedA!, savedB!), 'float32')),
    }),
  })
}

/** The largest of tensors of one shape, number by number; the gradient goes to the first of them. */
export function maximum(xs: readonly Tensor[]): Tensor {
  return xs.reduce(larger)
}

/** a · x + b · y, a constant to every gradient. */
export function blend(x: Tensor, y: Tensor, a: number, b: number): Tensor {
  return constant(() => addN([scale(x, a), scale(y, b)]))
}

/** Linear in x, so that its gradient is the same operation. */
export function dropout(x: Tensor, { noiseShape, ...attrs }: DropoutOptions): Tensor {
  if (noiseShape !== undefined) return multiply(x, constant(() => drop(ones([...noiseShape]), attrs)))
  return record({ x }, {
    forward: () => drop(x, attrs),
    save: () => [],
    gradients: (dy) => ({ x: () => drop(dy, attrs) }),
  })
}
