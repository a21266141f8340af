// A training from the command line, from the first word to the picture of a seven.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { layergraph, type Ran } from '../support/command.ts'
import { allDigits, writeDigits } from '../support/digits.ts'

const MODEL = `
import { input, graph, pipe, conv2d, maxPool2d, flatten, dropout, dense } from 'layergraph'
const image = input([28, 28, 1])
const logits = pipe(image,
  conv2d({ filters: 4, kernelSize: 5, strides: 2, activation: 'relu' }), maxPool2d({ poolSize: 2 }),
  flatten(), dropout({ rate: 0.2 }), dense({ units: 10 }))
export default graph({ name: 'digits', inputs: { image }, outputs: { logits } })
`
const LR = ['--learning-rate', '0.01', '--batch-size', '32', '--seed', '3']

let cwd: string
const run = (...args: readonly string[]): Promise<Ran> => layergraph(args, { cwd })
const read = (path: string): string => readFileSync(join(cwd, path), 'utf8')
const weights = (out: string): Buffer => readFileSync(join(cwd, out, 'weights.safetensors'))

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'layergraph-train-'))
  writeFileSync(join(cwd, 'digits.ts'), MODEL)
  await writeDigits(join(cwd, 'few'))
})
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

/** Times, and what depends on them, as words. */
const timeless = (text: string): string => text.replace(/[\d,.]+ images\/s {2}\S+( s)?/g, 'SPEED  TIME')

describe('train', () => {
  test('in a pipe: a line for each epoch, and everything in the folder', async () => {
    const { code, out, err } = await run('train', 'digits.ts', '--data', 'few', '--epochs', '2', '--validation', '0.25', ...LR, '--out', 'runs/a')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).not.toMatch(/[\u001b\r]/)
    const score = String.raw`loss \d\.\d{4}  accuracy \d+\.\d\d %`
    const validation = String.raw`validation loss \d\.\d{4}  validation accuracy \d+\.\d\d %`
    expect(timeless(out)).toMatch(new RegExp([
      '^digits  28×28×1, 1,554 parameters',
      'few  192 images to train on, 64 to validate, 64 to test with',
      'adam, batches of 32, 2 epochs, seed 3, on wasm',
      '',
      `epoch 1/2  ${score}  ${validation}  SPEED  TIME`,
      `epoch 2/2  ${score}  ${validation}  SPEED  TIME`,
      '',
      `test  ${score} of 64 images`,
      'saved in runs/a, with report.html\n$',
    ].join('\n')))
    expect(readdirSync(join(cwd, 'runs/a')).sort()).toEqual([
      'checkpoint.safetensors', 'graph.json', 'history.csv', 'history.json', 'report.html', 'report.md', 'training.json', 'weights.safetensors',
    ])
  })

  test('the history is the same as JSON and as CSV, and the report has it too', () => {
    const history = JSON.parse(read('runs/a/history.json')) as Record<string, number>[]
    const [head = '', ...rows] = read('runs/a/history.csv').trim().split('\n')
    expect(rows.map((row) => Object.fromEntries(row.split(',').map((value, index) => [head.split(',')[index], Number(value)])))).toEqual(history)
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2])
    const report = read('runs/a/report.md')
    for (const { loss, validationLoss } of history) {
      expect(report).toContain(` ${loss?.toFixed(4)} |`)
      expect(report).toContain(` ${validationLoss?.toFixed(4)} |`)
    }
    expect(report).toMatch(/^# digits, trained\n/)
    expect(report).toContain('| model | digits.ts |')
    expect(report).toMatch(/Test: \*\*\d+\.\d\d %\*\* of 64 test images/)
  })

  test('a model is not lost by mistake', async () => {
    const before = weights('runs/a')
    const [again, other, mistaken] = await Promise.all([
      run('train', 'digits.ts', '--data', 'few', '--out', 'runs/a'),
      run('train', 'lenet5', '--data', 'few', '--out', 'runs/a'),
      run('train', 'lenet5', '--data', 'few', '--out', 'runs/a', '--resume'),
    ])
    expect(again).toMatchObject({ code: 2, out: '' })
    expect(again.err).toMatch(/runs\/a holds this model, trained already\n.*--resume.*--overwrite/)
    for (const { code, err } of [other, mistaken]) {
      expect(code).toBe(2)
      expect(err).toContain('runs/a holds another model (digits), not this lenet5')
    }
    expect(weights('runs/a').equals(before)).toBe(true)
  })

  test('--resume goes on with the settings of before; the weights are those of a training without a break', async () => {
    const resumed = await run('train', 'digits.ts', '--out', 'runs/a', '--resume', '--epochs', '3')
    expect(resumed).toMatchObject({ code: 0, err: '' })
    expect(resumed.out).toContain('epoch 3/3')
    expect(resumed.out).not.toContain('epoch 2/3')
    const straight = await run('train', 'digits.ts', '--data', 'few', '--epochs', '3', '--validation', '0.25', ...LR, '--out', 'runs/straight')
    expect(straight.code).toBe(0)
    expect(weights('runs/a').equals(weights('runs/straight'))).toBe(true)
    expect(JSON.parse(read('runs/a/history.json'))).toHaveLength(3)
    const done = await run('train', 'digits.ts', '--out', 'runs/a', '--resume')
    expect(done.code).toBe(2)
    expect(done.err).toMatch(/trained for 3 epochs already\n.*--epochs 6/)
  })

  test('--overwrite begins anew, with another model too, and leaves no trace of the old one', async () => {
    const { code } = await run('train', 'lenet5', '--data', 'few', '--epochs', '1', '--optimizer', 'sgd', '--momentum', '0.9', '--schedule', 'cosine', '--warmup', '4', '--out', 'runs/straight', '--overwrite')
    expect(code).toBe(0)
    expect(JSON.parse(read('runs/straight/graph.json'))).toMatchObject({ name: 'lenet5' })
    expect(JSON.parse(read('runs/straight/training.json'))).toMatchObject({ optimizer: 'sgd', momentum: 0.9, schedule: 'cosine', warmup: 4, seed: 0 })
    expect(JSON.parse(read('runs/straight/history.json'))).toHaveLength(1)
  })

  test('a loss that is no number ends it with one clear word', async () => {
    const { code, err } = await run('train', 'digits.ts', '--data', 'few', '--optimizer', 'sgd', '--learning-rate', '1e30', '--out', 'runs/nan')
    expect(code).toBe(1)
    expect(err).toMatch(/^✖ loss: became (NaN|-?Infinity)\.\n.*lower the learning rate.*train\/nan-loss\n$/)
  })

  test('damaged data is named', async () => {
    await writeDigits(join(cwd, 'damaged'))
    writeFileSync(join(cwd, 'damaged/train-images-idx3-ubyte'), Buffer.from([0, 0, 8, 3, 0, 0]))
    const { code, err } = await run('train', 'digits.ts', '--data', 'damaged', '--out', 'runs/damaged')
    expect(code).toBe(1)
    expect(err).toMatch(/train-images-idx3-ubyte: ends before its 3 sizes/)
    expect(existsSync(join(cwd, 'runs/damaged'))).toBe(false)
  })

  test('images of another size than the model takes', async () => {
    const { code, err } = await run('train', 'mnistNet', '--set', 'inputShape=[24,24,1]', '--data', 'few')
    expect(code).toBe(2)
    expect(err).toContain('mnistNet takes 24×24×1, but the images of few are 28×28×1')
  })
})

describe('Ctrl-C', () => {
  const EPOCHS = '40'

  test('saves everything, says how to go on, and nothing is lost', async () => {
    let sent = false
    const stopped = await layergraph(['train', 'digits.ts', '--data', 'few', '--epochs', EPOCHS, ...LR, '--out', 'runs/stopped'], {
      cwd,
      onOutput: (child, out) => {
        if (sent || !out.includes('epoch  1/')) return
        sent = child.kill('SIGINT')
      },
    })
    expect(stopped.code).toBe(130)
    expect(stopped.err).toBe('stopping after this batch; once more to quit at once\n')
    expect(stopped.out).toMatch(/stopped in epoch \d+ of 40, after \d of 8 batches; saved in runs\/stopped\n/)
    const command = /npx layergraph (.*)\n/.exec(stopped.out)?.[1] as string
    expect(command).toBe('train digits.ts --out runs/stopped --resume')
    expect((await run('evaluate', 'runs/stopped')).code).toBe(0)
    const [resumed, straight] = await Promise.all([
      run(...command.split(' ')),
      run('train', 'digits.ts', '--data', 'few', '--epochs', EPOCHS, ...LR, '--out', 'runs/unbroken'),
    ])
    expect([resumed.code, straight.code]).toEqual([0, 0])
    expect(weights('runs/stopped').equals(weights('runs/unbroken'))).toBe(true)
    expect(JSON.parse(read('runs/stopped/history.json'))).toHaveLength(Number(EPOCHS))
  })
})

describe('evaluate and predict', () => {
  test('evaluate says again what the training said', async () => {
    const { out } = await run('evaluate', 'runs/a')
    const test = /Test: \*\*(\d+\.\d\d %)\*\* of 64 test images, loss (\S+)\n/.exec(read('runs/a/report.md'))
    expect(out).toBe(`few  loss ${test?.[2]}  accuracy ${test?.[1]} of 64 images\n`)
    const json = await run('evaluate', 'runs/a', '--json')
    expect(JSON.parse(json.out)).toMatchObject({ data: 'few', examples: 64 })
  })

  test('predict shows every class with a bar, the first one first', async () => {
    const { inputs } = (await allDigits()).test
    const seven = Uint8Array.from(inputs.data.subarray(0, 784), (value) => Math.round(value * 255))
    writeFileSync(join(cwd, 'seven.png'), encode({ width: 28, height: 28, data: seven, channels: 1, depth: 8 }))
    writeFileSync(join(cwd, 'ink.png'), encode({ width: 28, height: 28, data: seven.map((value) => 255 - value), channels: 1, depth: 8 }))
    const text = await run('predict', 'runs/a', 'seven.png', 'ink.png')
    expect(text).toMatchObject({ code: 0, err: '' })
    const [white, black] = text.out.trimEnd().split('\n\n').map((one) => one.split('\n'))
    expect(white?.[0]).toMatch(/^seven\.png: \d$/)
    expect(white?.slice(1)).toHaveLength(10)
    expect(white?.[1]).toMatch(/^ {2}\d {2}█+░* +\d+\.\d\d %$/)
    expect(black?.[0]).toBe(`${white?.[0]?.replace('seven', 'ink')}  (inverted)`)
    expect(black?.slice(1)).toEqual(white?.slice(1))

    const json = await run('predict', 'runs/a', 'seven.png', '--json')
    const [answer] = JSON.parse(json.out) as { class: number; probability: number; probabilities: number[] }[]
    expect(answer?.probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 10)
    expect(answer?.probability).toBe(Math.max(...answer?.probabilities ?? []))
    expect(answer?.probabilities.indexOf(answer.probability)).toBe(answer?.class)
  })

  test('predict names what it cannot read', async () => {
    writeFileSync(join(cwd, 'damaged.png'), readFileSync(join(cwd, 'seven.png')).subarray(0, 60))
    for (const [file, said] of [['digits.ts', 'is no PNG image'], ['damaged.png', 'is damaged'], ['six.png', 'there is no file six.png'], ['few', 'is a folder']] as const) {
      const { code, out, err } = await run('predict', 'runs/a', file)
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toContain(said)
    }
  })

  test('damaged weights are named', async () => {
    writeFileSync(join(cwd, 'runs/straight/weights.safetensors'), 'nothing')
    const { code, err } = await run('evaluate', 'runs/straight')
    expect(code).toBe(1)
    expect(err).toMatch(/weights\.safetensors: has 7 bytes/)
  })
})

test('lint takes images for each of several inputs', async () => {
  writeFileSync(join(cwd, 'pair.ts'), `
import { input, graph, pipe, concat, flatten, dense } from 'layergraph'
const [left, right] = [input([28, 28, 1]), input([784])]
const wide = pipe(concat()([flatten()(left), right]), dense({ units: 40, activation: 'relu', kernelInitializer: 'zeros', biasInitializer: { constant: -1 } }))
export default graph({ name: 'pair', inputs: { left, right }, outputs: { a: dense({ units: 2 })(wide), b: dense({ units: 3 })(wide) } })
`)
  for (const images of [['few'], ['few', 'left=few'], ['right=few', 'left=few']]) {
    const { out, code } = await run('lint', 'pair.ts', ...images.flatMap((data) => ['--images', data]), '--samples', '10', '--fail-on', 'warning')
    expect({ code, dead: /dense \(dense\): 40 of 40 units/.test(out) }, images.join(' ')).toEqual({ code: 1, dead: true })
  }
  const half = await run('lint', 'pair.ts', '--images', 'left=few')
  expect(half).toMatchObject({ code: 2 })
  expect(half.err).toContain('--images names none for the input right')
  expect((await run('lint', 'pair.ts', '--images', 'up=few')).err).toContain('its inputs are left, right')
})

test('lint looks at the units of a trained model, or of a fresh one, on images', async () => {
  const trained = await run('lint', 'digits.ts', '--images', 'few', '--weights', 'runs/a', '--rule', 'units/dead=error', '--json')
  expect(trained).toMatchObject({ code: 0, err: '' })
  expect(trained.out).not.toContain('units/')
  writeFileSync(join(cwd, 'dead.ts'), MODEL.replace("activation: 'relu'", "activation: 'relu', biasInitializer: { constant: -9 }"))
  const fresh = await run('lint', 'dead.ts', '--images', 'few', '--samples', '10', '--fail-on', 'warning')
  expect(fresh).toMatchObject({ code: 1, err: '' })
  expect(fresh.out).toContain('⚠ conv2d (conv2d): 4 of 4 units (100.0 %) are zero on all images')
  expect(await run('lint', 'digits.ts', '--weights', 'runs/a')).toMatchObject({ code: 2 })
})

test('a model with a layer of its own is trained, and used with its file at hand', async () => {
  writeFileSync(join(cwd, 'own.ts'), `
import { analyze, defineLayer, dense, flatten, graph, input, pipe } from 'layergraph'
import { createModel } from 'layergraph/runtime'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
export const twice = defineLayer({
  kind: 'twice', category: 'activation', summary: 'Doubles.', config: z.strictObject({}), examples: [{ config: {}, inputs: [[3]] }],
  infer: ({ inputs: [x] }) => ({ outputs: [x!] }), macs: () => 0, field: () => ({ rule: 'pointwise' }), forward: (op, site, [x]) => op.add([x!, x!]),
})
if (typeof createModel !== 'function' || typeof tf.tensor !== 'function' || typeof analyze !== 'function') throw new Error('not loaded')
const image = input([28, 28, 1])
export default graph({ name: 'own', inputs: { image }, outputs: { y: pipe(image, flatten(), dense({ units: 10 }), twice({})) } })
`)
  const trained = await run('train', 'own.ts', '--data', 'few', '--epochs', '1')
  expect(trained).toMatchObject({ code: 0, err: '' })
  const alone = await run('evaluate', 'runs/own')
  expect(alone.code).toBe(2)
  expect(alone.err).toMatch(/no layer of kind "twice"\n.*--model/)
  const known = await run('evaluate', 'runs/own', '--model', 'own.ts')
  expect(known.out).toMatch(/^few {2}loss .* of 64 images\n$/)
})
