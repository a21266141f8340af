// layergraph view: the server ends with Ctrl-C, and everything it is asked for wrongly is said in words.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lenet5 } from '../../graphs/index.ts'
import { folder, layergraph } from '../support/command.ts'

interface Visited {
  readonly code: number | null
  readonly err: string
  /** The answers, in the order of the paths. */
  readonly texts: readonly string[]
}

/** Starts it, asks for these paths, and ends it as Ctrl-C does. */
async function visit(args: readonly string[], paths: readonly string[]): Promise<Visited> {
  let asked: Promise<readonly string[]> | null = null
  const { code, err } = await layergraph(['view', ...args, '--no-open'], {
    onOutput: (child, out) => {
      const address = /http:\/\/\S+/.exec(out)?.[0]
      if (address === undefined || asked !== null) return
      asked = Promise.all(paths.map(async (path) => (await fetch(address + path)).text())).finally(() => child.kill('SIGINT'))
    },
  })
  return { code, err, texts: await (asked ?? Promise.resolve([])) }
}

const givenOf = (page: string | undefined): unknown => JSON.parse(/id="given">(.*?)<\/script>/.exec(page ?? '')?.[1] ?? 'null')

describe('view', () => {
  test('serves the page with the model, sized and set, until Ctrl-C', async () => {
    const { code, err, texts } = await visit(['lenet5', '--input', '40x32x1'], ['', 'viewer.js', 'layers.json'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(givenOf(texts[0])).toMatchObject({ source: 'lenet5', document: { name: 'lenet5', inputs: [{ id: 'image', shape: [40, 32, 1] }] } })
    expect(Object.keys(JSON.parse(texts[2] as string) as object)).toContain('conv2d')
  })

  test('gives the page what the file says of a layer of its own', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'own.ts'), `
import { defineLayer, graph, input } from 'layergraph'
import { z } from 'zod'
const twice = defineLayer({ kind: 'twice', category: 'activation', summary: 'Doubles.', config: z.strictObject({}), examples: [],
  infer: ({ inputs: [x] }) => ({ outputs: [x!] }), macs: () => 5, field: () => ({ rule: 'pointwise' }), forward: (_op, _site, [x]) => x! })
const x = input([3])
export default graph({ name: 'own', inputs: { x }, outputs: { y: twice()(x) } })`)
    const { code, texts } = await visit([join(cwd, 'own.ts')], [''])
    expect(code).toBe(0)
    expect(givenOf(texts[0])).toMatchObject({ layers: [{ kind: 'twice', uses: [{ outputs: [[3]], macs: 5 }] }] })
  })

  test('shows the report of a training', async () => {
    const run = join(folder(), 'run')
    mkdirSync(run)
    writeFileSync(join(run, 'graph.json'), JSON.stringify(lenet5({})))
    expect(givenOf((await visit([run], ['']) ).texts[0])).not.toHaveProperty('report')
    writeFileSync(join(run, 'report.html'), '<p>99 %')
    const { texts } = await visit([run], ['', 'report.html'])
    expect(givenOf(texts[0])).toMatchObject({ report: 'report.html' })
    expect(texts[1]).toBe('<p>99 %')
  })

  test('compares trainings that have ended', async () => {
    const runs = folder()
    const made = (name: string, loss: number, epochs: number): string => {
      const run = join(runs, name)
      mkdirSync(run)
      writeFileSync(join(run, 'graph.json'), JSON.stringify(lenet5({})))
      const history = Array.from({ length: epochs }, (_, index) => ({
        epoch: index + 1, loss: loss / (index + 1), accuracy: 0.9, validationLoss: null, validationAccuracy: null, learningRate: 0.01, seconds: 2,
      }))
      writeFileSync(join(run, 'history.json'), JSON.stringify(history))
      writeFileSync(join(run, 'training.json'), JSON.stringify({ optimizer: name, seed: 1 }))
      return run
    }
    const [adam, sgd, none] = [made('adam', 1, 3), made('sgd', 2, 1), made('none', 1, 0)]
    const { code, texts } = await visit([adam, `${sgd}/`, adam], [''])
    expect(code).toBe(0)
    expect(givenOf(texts[0])).toMatchObject({
      source: adam,
      runs: [{ name: adam, history: [{ loss: 1 }, { loss: 0.5 }, {}], settings: { optimizer: 'adam' } }, { name: sgd, history: [{ loss: 2 }] }],
    })
    const refused = await layergraph(['view', adam, none, '--no-open'])
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('holds no training to compare') })
  })

  test('is written into a folder for any host', async () => {
    const out = join(folder(), 'site')
    expect(await layergraph(['view', 'lenet5', '--out', out])).toMatchObject({ code: 0, out: '' })
    expect(givenOf(readFileSync(join(out, 'index.html'), 'utf8'))).toMatchObject({ source: 'lenet5' })
    expect(readFileSync(join(out, 'viewer.js'), 'utf8').length).toBeGreaterThan(10_000)
    expect(readFileSync(join(out, 'index.html'), 'utf8')).not.toMatch(/(src|href)="\//)
  })

  test.each([
    [['nothing'], /there is no built-in model "nothing"/],
    [['lenet5', '--port', '70000'], /from 0 to 65535/],
    [['lenet5', '--port', 'x'], /--port takes a whole number/],
    [['lenet5', '--host', '203.0.113.7'], /this machine has no address 203\.0\.113\.7/],
  ])('refuses %j', async (args, words) => {
    const { code, out, err } = await layergraph(['view', ...args, '--no-open'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(words)
    expect(err).not.toContain('itself failed')
  })
})

describe('summary --html', () => {
  test('is a page with the drawing and the layers', async () => {
    const { code, out, err } = await layergraph(['summary', 'mnistNet', '--html', '--input', '32x32x1'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^<!doctype html>/)
    for (const part of ['<title>mnistNet</title>', 'image 32×32×1', '<h2>Model</h2>', '32×32×16', '<td class="n">32×32×16</td>', 'MACs per image']) {
      expect(out).toContain(part)
    }
    expect(out).not.toMatch(/<(script|link)/)
  })
})
