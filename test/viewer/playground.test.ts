// The playground without a screen: the trained models that come with the page, looking, training, stopping, going on.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { graph, input, conv2d, dense, flatten, pipe, globalAvgPool2d } from 'layergraph'
import { deformableMini } from 'layergraph/graphs'
import { createModel, loadModel } from 'layergraph/runtime'
import { describe, expect, test } from 'vitest'
import { printDocument } from '../../src/graph/document.ts'
import type { Course, LookAt, Plane } from '../../src/viewer/playground/protocol.ts'
import { createSession, type Session } from '../../src/viewer/playground/session.ts'
import { ROOT } from '../support/command.ts'
import { allDigits } from '../support/digits.ts'

const FILES = join(ROOT, 'dist/viewer/playground')

function start(): { readonly session: Session; readonly courses: Course[] } {
  const courses: Course[] = []
  const session = createSession({
    fetch: async (name) => new Uint8Array(readFileSync(join(FILES, name))), onCourse: (course) => { courses.push(course) },
  })
  return { session, courses }
}

const look = (drawing: Plane, more: Partial<LookAt> = {}): { readonly do: 'look'; readonly at: LookAt } =>
  ({ do: 'look', at: { drawing, node: null, unit: null, class: null, ...more } })

const bestOf = (values: Float32Array): number => values.indexOf(Math.max(...values))

describe('the models that come with the page', () => {
  test.each([['convMini', 0.98], ['deformableMini', 0.985]] as const)('%s reads the test digits of MNIST', async (name, least) => {
    const model = await loadModel(join(ROOT, `src/viewer/playground/models/${name}.safetensors`))
    expect((await model.evaluate((await allDigits()).test)).accuracy).toBeGreaterThan(least)
    model.dispose()
  })

  test('take less than 150 kB together', () => {
    const sizes = ['convMini', 'deformableMini'].map((name) => statSync(join(FILES, `${name}.safetensors`)).size)
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000)
  })
})

describe('looking', () => {
  test('says digit, maps, field and which layers have maps', async () => {
    const { session } = start()
    const { layers, weights } = await session({ do: 'open', source: { url: 'convMini.safetensors' } })
    expect(weights).toBe(6386)
    expect(layers.at(-1)).toEqual({ id: 'relu_2', kind: 'relu', shape: [7, 7, 32], moves: false })
    const { label, ...plane } = await session({ do: 'example', index: 3 })
    expect(label).toBe(0)
    const seen = await session(look(plane))
    expect(bestOf(seen.probabilities)).toBe(0)
    expect(seen.probabilities.reduce((sum, one) => sum + one)).toBeCloseTo(1, 5)
    // A digit in the form of MNIST stays as it is.
    expect(seen.image.values).toEqual(plane.values)
    expect([seen.node, seen.unit, seen.features.length, seen.activation?.class]).toEqual(['relu_2', [3, 3], 32, 0])
    const [top, left, bottom, right] = seen.reach as [number, number, number, number]
    const moved = [...seen.field.values.entries()].filter(([, energy]) => energy > 1e-6 * Math.max(...seen.field.values)).map(([place]) => [Math.floor(place / 28), place % 28])
    expect(moved.length).toBeGreaterThan(20)
    for (const [y, x] of moved) expect(y! >= top && y! <= bottom && x! >= left && x! <= right).toBe(true)
  })

  test('another layer, unit and class; a place beyond the edge is pulled to it', async () => {
    const { session } = start()
    await session({ do: 'open', source: { url: 'convMini.safetensors' } })
    const { label: _label, ...plane } = await session({ do: 'example', index: 3 })
    const seen = await session(look(plane, { node: 'conv2d', unit: [99, -4], class: 5 }))
    expect([seen.node, seen.unit, seen.features.length, seen.activation?.class]).toEqual(['conv2d', [27, 0], 8, 5])
    expect(seen.reach).toEqual([26, 0, 27, 1])
  })

  test('taps of a deformable convolution are placed in the image', async () => {
    const { session } = start()
    const { layers } = await session({ do: 'open', source: { url: 'deformableMini.safetensors' } })
    const moving = layers.find(({ moves }) => moves)?.id as string
    const { label: _label, ...plane } = await session({ do: 'example', index: 3 })
    const { sampling, reach } = await session(look(plane, { node: moving, unit: [3, 3] }))
    const { points } = sampling as NonNullable<typeof sampling>
    expect([points.length, reach]).toEqual([9, null])
    // Two halvings lie before it: units are four pixels apart, and so are taps at rest.
    expect(points[4]?.rest).toEqual({ y: 13.5, x: 13.5 })
    expect([points[0]?.rest.y, points[8]?.rest.x]).toEqual([9.5, 17.5])
    expect(points.some(({ y, x, rest }) => Math.hypot(y - rest.y, x - rest.x) > 0.5)).toBe(true)
  })
})

describe('training', () => {
  const settings = { epochs: 2, batchSize: 50, learningRate: 0.02 }

  test('from scratch, stopped and gone on with, ends with the weights of one that was not stopped', async () => {
    const straight = start()
    const document = printDocument((await loadModel(join(FILES, 'convMini.safetensors'))).graph)
    await straight.session({ do: 'open', source: { document, seed: 7 } })
    const ended = await straight.session({ do: 'train', settings, fresh: true })
    expect(ended).toMatchObject({ running: false, epoch: 2, updates: 400, total: 400, resumable: true })
    expect(ended.moments.at(-1)?.heldOutAccuracy).toBeGreaterThan(0.9)
    expect(ended.moments.at(-1)?.update).toBe(400)

    const { session, courses } = start()
    await session({ do: 'open', source: { document, seed: 7 } })
    const training = session({ do: 'train', settings, fresh: true })
    await expect(session({ do: 'train', settings, fresh: true })).rejects.toThrow('playground/busy')
    await expect.poll(() => courses.at(-1)?.updates, { timeout: 60_000 }).toBeGreaterThan(20)
    await session({ do: 'stop' })
    const stopped = await training
    expect(stopped.running).toBe(false)
    expect(stopped.updates).toBeLessThan(400)
    const again = await session({ do: 'train', settings, fresh: false })
    expect(again.moments.length).toBeGreaterThan(stopped.moments.length)
    expect(again.updates).toBe(400)
    expect(await session({ do: 'save' })).toEqual(await straight.session({ do: 'save' }))
  })
})

describe('opening', () => {
  test('bytes of one file, of two, and a graph with fresh weights', async () => {
    const { session } = start()
    const model = await createModel(deformableMini({ width: 4 }), { seed: 1 })
    const bytes = model.encode()
    expect((await session({ do: 'open', source: { files: bytes } })).document).toEqual(printDocument(model.graph))
    expect(await session({ do: 'save' })).toEqual(bytes)
    const { weights } = await session({ do: 'open', source: { document: printDocument(model.graph), seed: 1 } })
    expect(weights).toBe(Object.values(model.weights()).reduce((sum, { data }) => sum + data.length, 0))
    expect(await session({ do: 'save' })).toEqual(bytes)
  })

  test('what takes or gives something else is refused, and the model before stays', async () => {
    const { session } = start()
    await expect(session({ do: 'save' })).rejects.toThrow('playground/no-model')
    await session({ do: 'open', source: { url: 'convMini.safetensors' } })
    const colour = input([28, 28, 3])
    const wide = graph({ name: 'wide', inputs: { colour }, outputs: { y: pipe(colour, globalAvgPool2d(), dense({ units: 10 })) } })
    await expect(session({ do: 'open', source: { document: printDocument(wide), seed: 0 } })).rejects.toThrow('wide: takes 28×28×3, but the digits are 28×28×1')
    const gray = input([28, 28, 1])
    const few = graph({ name: 'few', inputs: { gray }, outputs: { y: pipe(gray, conv2d({ filters: 2, kernelSize: 3 }), flatten(), dense({ units: 3 })) } })
    await expect(session({ do: 'open', source: { document: printDocument(few), seed: 0 } })).rejects.toThrow('gives 3, but there are 10 kinds of digits')
    await expect(session({ do: 'open', source: { files: Uint8Array.of(1, 2) } })).rejects.toThrow('store/corrupt')
    const { label: _label, ...plane } = await session({ do: 'example', index: 3 })
    expect(bestOf((await session(look(plane))).probabilities)).toBe(0)
  })
})
