// Sums, products and chance.
import { mul, reshape, sum, type Tensor } from '@tensorflow/tfjs-core'
import { dropout as drop } from '../kernels/dropout.ts'
import { addN, scale } from '../kernels/sum.ts'
import { constant, handle, record } from './gradient.ts'

export function add(xs: readonly Tensor[]): Tensor {
  return record(Object.fromEntries(xs.entries()), {
    forward: () => addN(xs),
    save: () => [],
    gradients: (dy) => Object.fromEntries(xs.map((_x, index) => [index, () => handle(dy)])),
  })
}

/** The gradient of a broadcast: summed over the axes along which x was repeated. */
function unbroadcast(dy: Tensor, shape: readonly number[]): Tensor {
  const lead = dy.rank - shape.length
  const axes = dy.shape.flatMap((size, axis) => (axis < lead || (shape[axis - lead] === 1 && size !== 1) ? [axis] : []))
  return reshape(axes.length === 0 ? dy : sum(dy, axes), [...shape])
}

/** Element by element; sizes of 1 are repeated. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  return record({ a, b }, {
    forward: () => mul(a, b),
    save: () => [a, b],
    gradients: (dy, [savedA, savedB]) => ({
      a: () => unbroadcast(mul(dy, savedB!), a.shape),
      b: () => unbroadcast(mul(dy, savedA!), b.shape),
    }),
  })
}

/** a · x + b · y, a constant to every gradient. */
export function blend(x: Tensor, y: Tensor, a: number, b: number): Tensor {
  return constant(() => addN([scale(x, a), scale(y, b)]))
}

/** Linear in x, so that its gradient is the same operation. */
export function dropout(x: Tensor, attrs: { readonly rate: number; readonly seed: number }): Tensor {
  return record({ x }, {
    forward: () => drop(x, attrs),
    save: () => [],
    gradients: (dy) => ({ x: () => drop(dy, attrs) }),
  })
}
