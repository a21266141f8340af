/**
 * Prelu: y = x where x > 0, else alpha·x, with an alpha that broadcasts to x.
 *
 * The backend keeps a packed copy of alpha and does not see it change; and it reads one alpha per channel whatever its
 * shape. Here it is put together from other kernels of the backend: max(x, 0) − alpha·max(−x, 0).
 */

import { Multiply, Neg, Prelu, Relu, Sub } from '@tensorflow/tfjs-core'
import type { PreluInputs } from '@tensorflow/tfjs-core'
import { defineStandard } from './define.ts'

export const preluStandards = [
  defineStandard<PreluInputs, object>({
    name: Prelu,
    run({ run, release }, { x, alpha }) {
      const above = run(Relu, { x })
      const negated = run(Neg, { x })
      const below = run(Relu, { x: negated })
      const scaled = run(Multiply, { a: below, b: alpha })
      const y = run(Sub, { a: above, b: scaled })
      release(above, negated, below, scaled)
      return y
    },
  }),
]
