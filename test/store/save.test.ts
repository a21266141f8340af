import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dense, graph, input } from 'layergraph'
import { createModel, loadModel } from 'layergraph/runtime'
import { describe, expect, test } from 'vitest'
import { writeAtomic } from '../../src/platform/files.ts'
import { folder } from '../support/command.ts'

const x = input([3])
const net = (name = 'net', units = 2) => graph({ name, inputs: { x }, outputs: { y: dense({ units })(x) } })

async function saved(): Promise<string> {
  const out = join(folder(), 'deep/run')
  await (await createModel(net(), { seed: 5 })).save(out)
  return out
}

describe('a saved model', () => {
  test('is two files, and comes back with the same weights and answers', async () => {
    const out = await saved()
    expect(readdirSync(out).sort()).toEqual(['graph.json', 'weights.safetensors'])
    const [model, again] = [await createModel(net(), { seed: 5 }), await loadModel(out)]
    expect(again.weights()).toEqual(model.weights())
    const rows = { data: Float32Array.of(1, 2, 3), shape: [1, 3] }
    expect(again.predict(rows)).toEqual(model.predict(rows))
    expect(again.graph.toJSON()).toEqual(net().toJSON())
  })

  test('saved again is the same to the byte', async () => {
    const out = await saved()
    const before = readFileSync(join(out, 'weights.safetensors'))
    await (await loadModel(out)).save(out)
    expect(readFileSync(join(out, 'weights.safetensors')).equals(before)).toBe(true)
  })

  test('reformatted graph.json is still the same graph', async () => {
    const out = await saved()
    const path = join(out, 'graph.json')
    writeFileSync(path, JSON.stringify({ $schema: 'https://example.org/graph.json', ...JSON.parse(readFileSync(path, 'utf8')) as object }))
    expect((await loadModel(out)).graph.name).toBe('net')
  })

  test.each<[string, (out: string) => void, string]>([
    ['a missing folder', (out) => rmSync(out, { recursive: true }), 'store/missing'],
    ['missing weights', (out) => rmSync(join(out, 'weights.safetensors')), 'store/missing'],
    ['a graph that is no JSON', (out) => writeFileSync(join(out, 'graph.json'), '{'), 'store/corrupt'],
    ['a graph that is no graph', (out) => writeFileSync(join(out, 'graph.json'), '{"format":"layergraph/1"}'), 'graph.json'],
    ['weights cut off', (out) => writeFileSync(join(out, 'weights.safetensors'), readFileSync(join(out, 'weights.safetensors')).subarray(0, 100)), 'store/corrupt'],
    ['the graph of another model', (out) => writeFileSync(join(out, 'graph.json'), JSON.stringify(net('net', 4))), 'store/other-graph'],
  ])('%s is said', async (what, damage, said) => {
    const out = await saved()
    damage(out)
    const error: unknown = await loadModel(out).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'LayergraphError' })
    if (what !== 'a graph that is no graph') expect((error as Error).message).toContain(said)
  })
})

describe('a model as bytes', () => {
  const rows = { data: Float32Array.of(1, 2, 3), shape: [1, 3] }

  test('is one file, of which the model comes back, from bytes and from disk', async () => {
    const model = await createModel(net(), { seed: 5 })
    const bytes = model.encode()
    const path = join(folder(), 'net.safetensors')
    writeFileSync(path, bytes)
    for (const again of [await loadModel(bytes), await loadModel(path)]) {
      expect(again.weights()).toEqual(model.weights())
      expect(again.predict(rows)).toEqual(model.predict(rows))
      expect(again.graph.toJSON()).toEqual(net().toJSON())
      expect(again.encode()).toEqual(bytes)
    }
  })

  test('comes from the two files of a folder, too', async () => {
    const out = await saved()
    const [graphJson, weights] = [readFileSync(join(out, 'graph.json')), readFileSync(join(out, 'weights.safetensors'))]
    const expected = (await loadModel(out)).predict(rows)
    expect((await loadModel({ graph: graphJson, weights })).predict(rows)).toEqual(expected)
    expect((await loadModel({ graph: graphJson.toString(), weights })).predict(rows)).toEqual(expected)
    await expect(loadModel({ graph: JSON.stringify(net('net', 4)), weights })).rejects.toThrow('store/other-graph')
    await expect(loadModel({ graph: '{', weights })).rejects.toThrow('graph.json: is not JSON')
  })

  test('without a graph is said to have none', async () => {
    const out = await saved()
    await expect(loadModel(readFileSync(join(out, 'weights.safetensors')))).rejects.toThrow('store/no-graph')
    await expect(loadModel(Uint8Array.of(1, 2, 3))).rejects.toThrow('store/corrupt')
  })
})

describe('an atomic file', () => {
  test('replaces the old one and leaves nothing beside it', async () => {
    const path = join(folder(), 'a/b.txt')
    await writeAtomic(path, 'old')
    await writeAtomic(path, 'new')
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(readdirSync(join(path, '..'))).toEqual(['b.txt'])
  })

  test('is the old one, or nothing, when writing fails', async () => {
    const parent = folder()
    const path = join(parent, 'taken')
    mkdirSync(join(path, 'full'), { recursive: true })
    await expect(writeAtomic(path, 'new')).rejects.toThrow()
    expect(readdirSync(parent)).toEqual(['taken'])
  })

  test('is never seen half, however often it is written at once', async () => {
    const path = join(folder(), 'busy')
    const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000))
    const writing = Promise.all(contents.map((content) => writeAtomic(path, content)))
    await writing
    expect(contents).toContain(readFileSync(path, 'utf8'))
  })
})
