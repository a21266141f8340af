// What the command says and how it ends, where nothing is trained.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { graphs } from '../../graphs/index.ts'
import { folder, layergraph, type Ran } from '../support/command.ts'

/** A user's mistake: words, no stack, nothing on stdout. */
function expectMistake({ code, out, err }: Ran, expected: number): void {
  expect({ code, out }).toEqual({ code: expected, out: '' })
  expect(err).not.toMatch(/^\s+at /m)
  expect(err).not.toContain('itself failed')
}

const DIGITS = `
import { input, graph, pipe, conv2d, flatten, dense } from 'layergraph'
const image = input([28, 28, 1])
const logits = pipe(image, conv2d({ filters: 4, kernelSize: 3, strides: 2 }), flatten(), dense({ units: 10 }))
export default graph({ name: 'digits', inputs: { image }, outputs: { logits } })
export const small = (config: { units?: number }) => graph({ name: 'small', inputs: { image }, outputs: { logits: pipe(image, flatten(), dense({ units: config.units ?? 3 })) } })
`

function withDigits(): string {
  const cwd = folder()
  writeFileSync(join(cwd, 'digits.ts'), DIGITS)
  return cwd
}

describe('plan', () => {
  test('says what runs in one go, for a batch', async () => {
    const { code, out, err } = await layergraph(['plan', 'resnet18', '--batch', '2', '--input', '64x64x3'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('conv2d + batchNorm + relu')
    expect(out).toContain('31 for 68 layers')
    const apart = JSON.parse((await layergraph(['plan', 'resnet18', '--no-fuse', '--json'])).out) as { steps: object[] }
    expect(apart.steps).toHaveLength(68)
  })

  test('takes whole batches only', async () => {
    expectMistake(await layergraph(['plan', 'lenet5', '--batch', '0']), 2)
  })
})

describe('summary', () => {
  test('of a built-in model, in a pipe: no colours, exact numbers', async () => {
    const { code, out, err } = await layergraph(['summary', 'vgg16'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).not.toContain('\u001b')
    expect(out).toContain('138,357,544')
    expect(out).toContain('15,470,264,320')
  })

  test('of a file far from any installation, and of one of its exports with a config', async () => {
    const cwd = withDigits()
    const summary = await layergraph(['summary', 'digits.ts', '--json'], { cwd })
    expect(summary).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(summary.out)).toMatchObject({ name: 'digits', totals: { params: 6810 } })
    const small = await layergraph(['summary', 'digits.ts#small', '--set', 'units=5', '--json'], { cwd })
    expect(JSON.parse(small.out)).toMatchObject({ name: 'small', totals: { params: 784 * 5 + 5 } })
  })

  test('of the document that json printed is the same', async () => {
    const cwd = withDigits()
    const document = await layergraph(['json', 'digits.ts'], { cwd })
    writeFileSync(join(cwd, 'digits.json'), document.out)
    const [ofCode, ofDocument] = await Promise.all([layergraph(['summary', 'digits.ts'], { cwd }), layergraph(['summary', 'digits.json'], { cwd })])
    expect(ofDocument).toEqual(ofCode)
  })

  test('as Markdown is a table', async () => {
    const { out } = await layergraph(['summary', 'lenet5', '--markdown'])
    expect(out).toMatch(/^## lenet5\n/)
    expect(out).toContain('| conv2d |')
  })

  test('of other input sizes', async () => {
    const { out } = await layergraph(['summary', 'resnet18', '--set', 'inputShape=[null,null,3]', '--input', '64x64x3', '--json'])
    expect(JSON.parse(out)).toMatchObject({ inputs: [{ shape: [64, 64, 3] }] })
  })
})

test('list has every built-in model', async () => {
  const { code, out } = await layergraph(['list'])
  expect(code).toBe(0)
  for (const { name, summary } of graphs) expect(out).toMatch(new RegExp(`^${name} .*${summary.slice(0, 10)}`, 'm'))
})

test('--help has examples', async () => {
  const { code, out, err } = await layergraph(['train', '--help'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('$ layergraph train ')
})

test('the version is that of the package', async () => {
  const { default: { version } } = await import('../../package.json', { with: { type: 'json' } })
  expect(await layergraph(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
})

describe('wrong usage ends with 2 and one cure', () => {
  test.each([
    [['sumary', 'lenet5'], /Did you mean summary/],
    [['summary'], /missing required argument 'model'/],
    [['summary', 'lenet'], /no built-in model "lenet"\.?\n.*did you mean lenet5\?/],
    [['summary', 'nothing.ts'], /there is no file nothing\.ts/],
    [['train', 'lenet5', '--optimizer', 'adm'], /no optimizer "adm"\n.*did you mean adam\?/],
    [['evaluate', 'src'], /src holds no model/],
    [['predict', 'src'], /missing required argument 'images'/],
  ] as const)('%j', async (args, said) => {
    const ran = await layergraph(args)
    expectMistake(ran, 2)
    expect(ran.err).toMatch(said)
  })
})

describe('a model with errors ends with 1', () => {
  test.each([
    ['a layer that does not fit', "pipe(input([4, 4, 1]), conv2d({ filters: 2, kernelSize: 9 }))", /a window of 9×9 does not fit/],
    ['a mistake of the program', 'undefined.shape', /broken\.ts:4: TypeError/],
    ['no graph', 'flatten()', /not a graph/],
  ])('%s', async (_name, value, said) => {
    const cwd = folder()
    writeFileSync(join(cwd, 'broken.ts'), `import { input, graph, pipe, conv2d, flatten } from 'layergraph'
const image = input([4, 4, 1])
// @ts-nocheck
const y: any = ${value}
export default typeof y === 'function' ? y : graph({ name: 'broken', inputs: { image }, outputs: { y } })
`)
    const ran = await layergraph(['summary', 'broken.ts'], { cwd })
    expectMistake(ran, value === 'flatten()' ? 2 : 1)
    expect(ran.err).toMatch(said)
  })

  test('a syntax error, with file and line', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'broken.ts'), 'const x = 1\nexport default (\n')
    const ran = await layergraph(['summary', 'broken.ts'], { cwd })
    expectMistake(ran, 1)
    expect(ran.err).toMatch(/broken\.ts:\d/)
  })

  test('a document that is none, with every fault', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'broken.json'), '{ "format": "layergraph/1", "name": 3 }')
    const ran = await layergraph(['summary', 'broken.json'], { cwd })
    expectMistake(ran, 1)
    expect(ran.err).toMatch(/name[\s\S]*inputs/)
  })
})

test('a reader that stops early is no error', async () => {
  const ran = await layergraph(['summary', 'vgg16'], { onOutput: (child) => child.stdout?.destroy() })
  expect(ran).toMatchObject({ code: 0, err: '' })
})
