// Networks that give every pixel a class, and the small ones of each block, learn what little there is to learn.
import { createModel } from '../../src/runtime/index.ts'
import { adam } from '../../src/train/optimizers.ts'
import { expect, test } from 'vitest'
import { convMini, dilatedMini, fcn, separableMini, shuffleMini, unet } from '../../graphs/index.ts'
import { seededRandom } from '../../src/spec/random.ts'

/** Images of noise with a bright square, and for every pixel whether it belongs to the square. */
function squares(count: number, size: number, seed: number) {
  const random = seededRandom(seed)
  const data = new Float32Array(count * size * size)
  const labels = new Uint8Array(data.length)
  for (let image = 0; image < count; image++) {
    const [top, left] = [random.integer(size / 2), random.integer(size / 2)]
    for (let at = 0; at < size * size; at++) {
      const [row, column] = [Math.floor(at / size), at % size]
      const inside = row >= top && row < top + size / 2 && column >= left && column < left + size / 2
      data[image * size * size + at] = 0.4 * random.uniform() + (inside ? 0.6 : 0)
      labels[image * size * size + at] = inside ? 1 : 0
    }
  }
  return { inputs: { data, shape: [count, size, size, 1] }, labels: { data: labels, shape: [count, size, size] } }
}

test.each([
  ['unet', unet({ classes: 2, inputShape: [16, 16, 1], width: 4, depth: 2, padding: 'same' }), 16, 0.01],
  ['fcn', fcn({ classes: 2, inputShape: [32, 32, 1], width: 8, units: 16, dropout: 0 }), 32, 0.003],
] as const)('%s finds the squares', async (_name, net, size, rate) => {
  const model = await createModel(net, { seed: 3 })
  const before = (await model.evaluate(squares(16, size, 9))).loss
  await model.fit(squares(96, size, 1), { epochs: 10, batchSize: 16, optimizer: adam(rate) })
  const after = await model.evaluate(squares(16, size, 9))
  expect(after.loss).toBeLessThan(before / 2)
  expect(after.accuracy).toBeGreaterThan(0.85)
  model.dispose()
})

/** Stripes across or along, by their labels. */
function stripes(count: number, seed: number) {
  const random = seededRandom(seed)
  const data = new Float32Array(count * 784)
  const labels = Uint8Array.from({ length: count }, () => random.integer(2))
  for (let at = 0; at < data.length; at++) {
    const [row, column] = [Math.floor((at % 784) / 28), at % 28]
    data[at] = 0.5 * random.uniform() + ((labels[Math.floor(at / 784)] === 0 ? row : column) % 4 < 2 ? 0.5 : 0)
  }
  return { inputs: { data, shape: [count, 28, 28, 1] }, labels: { data: labels, shape: [count] } }
}

test.each([
  ['convMini', convMini], ['separableMini', separableMini], ['shuffleMini', shuffleMini], ['dilatedMini', dilatedMini],
] as const)('%s tells stripes apart', async (_name, make) => {
  const model = await createModel(make({ classes: 2 }), { seed: 2 })
  await model.fit(stripes(160, 1), { epochs: 4, batchSize: 16, optimizer: adam(0.01) })
  expect((await model.evaluate(stripes(40, 5))).accuracy).toBeGreaterThan(0.95)
  model.dispose()
})
