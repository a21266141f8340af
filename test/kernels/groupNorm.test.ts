import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { standardize, standardizeGradient } from '../../src/kernels/index.ts'
import * as reference from '../../src/kernels/reference/groupNorm.ts'
import { differences, dot, expectNear, expectSame, on, random, randomValues, tries } from './comparison.ts'

const upTo = (max: number) => fc.integer({ min: 1, max })

test('wasm agrees with the reference', async () => {
  const property = fc.asyncProperty(upTo(4), upTo(7), upTo(4), upTo(11), fc.nat(), async (samples, positions, groups, width, seed) => {
    await expectSame(() => {
      const x = random([samples, positions, groups * width], seed)
      const [y, scales] = standardize(x, { samples, groups, epsilon: 1e-3 })
      return [y, scales, standardizeGradient(random(x.shape, seed + 1), y, scales)]
    }, { relative: 1e-4, absolute: 2e-5 })
  })
  await fc.assert(property, tries(120))
})

test('the reference gradient is that of finite differences', () => {
  const grouping = { samples: 2, positions: 3, groups: 2, width: 2 }
  const x = randomValues(24, 1)
  const dy = randomValues(24, 2)
  const [y, scales] = reference.standardize(x, grouping, 1e-3)
  const dx = reference.standardizeGradient(dy, y, scales, grouping)
  expectNear(dx, differences((at) => dot(dy, reference.standardize(at, grouping, 1e-3)[0]), x), { relative: 3e-3, absolute: 3e-3 })
})

test('every sample and group has mean 0 and variance 1, also far from zero', async () => {
  const [y] = await on('wasm', () => [standardize(tf.add(random([2, 50, 6], 3), 1000), { samples: 2, groups: 3, epsilon: 1e-12 })[0]])
  for (let sample = 0; sample < 2; sample++) {
    for (let group = 0; group < 3; group++) {
      const values = y!.filter((_v, i) => Math.floor(i / 300) === sample && Math.floor((i % 6) / 2) === group)
      const mean = values.reduce((sum, value) => sum + value, 0) / 100
      expect(Math.abs(mean)).toBeLessThan(1e-3)
      expect(Math.abs(values.reduce((sum, value) => sum + value ** 2, 0) / 100 - 1)).toBeLessThan(1e-3)
    }
  }
})

test('what does not part evenly is refused', async () => {
  const refused = (samples: number, groups: number) => on('wasm', () => standardize(tf.zeros([2, 3, 4]), { samples, groups, epsilon: 1 }))
  await expect(refused(2, 3)).rejects.toThrow('does not part into 2 samples and 3 groups')
  await expect(refused(5, 2)).rejects.toThrow('does not part into 5 samples')
})
