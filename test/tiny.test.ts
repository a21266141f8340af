// The ten-minute tour: describe, analyse, run, train, save, load.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concat, conv2d, dense, flatten, graph, analyze, input, maxPool2d, parallel, parseGraph, pipe } from 'layergraph'
import { adam, createModel, loadModel } from 'layergraph/runtime'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'tiny-'))
afterAll(() => rmSync(folder, { recursive: true }))

const image = input([8, 8, 1])
const logits = pipe(image,
  conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
  maxPool2d({ poolSize: 2 }),
  parallel([conv2d({ filters: 2, kernelSize: 1 }), conv2d({ filters: 3, kernelSize: 3, padding: 'same' })], concat()),
  flatten(),
  dense({ units: 2 }))
const net = graph({ name: 'tiny', inputs: { image }, outputs: { logits } })

/** Is the brighter half above or below? */
function halves(count: number) {
  const data = new Float32Array(count * 64)
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 2)
  for (let i = 0; i < data.length; i++) {
    const lower = i % 64 >= 32
    const noise = ((i * 7919) % 101) / 202
    data[i] = noise + (lower === (labels[Math.floor(i / 64)] === 1) ? 0.5 : 0)
  }
  return { inputs: { data, shape: [count, 8, 8, 1] }, labels: { data: labels, shape: [count] } }
}

test('describe and analyse', () => {
  const { totals, nodes } = analyze(net)
  // 1·9·4 + 4, 4·2 + 2, 4·9·3 + 3, 3·3·5·2 + 2
  expect(totals.params).toBe(40 + 10 + 111 + 92)
  expect(totals.macs).toBe(36 * 36 + 9 * 8 + 9 * 108 + 90)
  expect(nodes.find(({ kind }) => kind === 'concat')?.field).toMatchObject({ size: [8, 8], stride: [2, 2], padding: [2, 2] })
  expect(parseGraph(JSON.parse(JSON.stringify(net))).toJSON()).toEqual(net.toJSON())
})

test('run, train, save and load', async () => {
  const model = await createModel(net, { seed: 1 })
  const losses: number[] = []
  for await (const { loss } of model.train(halves(60), { epochs: 1, batchSize: 20, optimizer: adam(0.02) })) losses.push(loss)
  expect(losses).toHaveLength(3)
  expect(losses[2]).toBeLessThan(losses[0] as number)
  await model.fit(halves(200), { epochs: 3, batchSize: 20, optimizer: adam(0.02) })
  expect((await model.evaluate(halves(50))).accuracy).toBe(1)
  const answer = model.predict(halves(4).inputs)
  expect(answer.shape).toEqual([4, 2])
  await model.save(folder)
  const again = await loadModel(folder)
  expect((again.predict(halves(4).inputs) as typeof answer).data).toEqual(answer.data)
  model.dispose()
  again.dispose()
})
