// Every example runs as a program, on little data.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, type Ran, ROOT, typescript } from '../support/command.ts'
import { writeDigits } from '../support/digits.ts'

/** Runs an example in a folder of its own. */
async function example(name: string, cwd: string, ...args: readonly string[]): Promise<string> {
  const { code, out, err }: Ran = await typescript([join(ROOT, 'examples', `${name}.ts`), ...args], { cwd })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

test('mnist', async () => {
  const cwd = folder()
  const out = await example('mnist', cwd, await writeDigits(join(cwd, 'few')))
  expect(out).toContain('63,294')
  expect(out).toMatch(/^epoch 5\/5 {2}loss \d\.\d{4}/m)
  expect(out).toMatch(/^\d+\.\d\d % of 64 test images$/m)
  for (const file of ['graph.json', 'weights.safetensors', 'history.csv', 'report.md']) expect(existsSync(join(cwd, 'runs/mnist', file))).toBe(true)
  expect(readFileSync(join(ROOT, 'examples/mnist.ts'), 'utf8').split('\n').length).toBeLessThan(60)
})

test('ownLayer', async () => {
  const out = await example('ownLayer', folder())
  expect(out).toMatch(/^2370 parameters$/m)
  const [learned, loaded] = [/^([\d.]+) % on the right spiral$/m, /^loaded: ([\d.]+) %$/m].map((line) => Number(line.exec(out)?.[1]))
  expect(learned).toBeGreaterThan(95)
  expect(loaded).toBe(learned)
})

test('twins', async () => {
  const cwd = folder()
  const out = await example('twins', cwd, await writeDigits(join(cwd, 'few')))
  const losses = [...out.matchAll(/^epoch \d {2}loss ([\d.]+)$/gm)].map(([, loss]) => Number(loss))
  expect(losses).toHaveLength(3)
  expect(losses[2]).toBeLessThan(losses[0] as number)
  expect(out.match(/^a \d looks like a \d, with .* beside it$/gm)).toHaveLength(4)
})

test('tfjs-layers', async () => {
  const cwd = folder()
  const out = await example('tfjs-layers', cwd, await writeDigits(join(cwd, 'few')))
  const [first, second] = [...out.matchAll(/^epoch \d {2}loss ([\d.]+)$/gm)].map(([, loss]) => Number(loss))
  expect(second).toBeLessThan(first as number)
  expect(out).toMatch(/^\d+\.\d\d % of 64 test images$/m)
})

test('zoo', async () => {
  const cwd = folder()
  const data = await writeDigits(join(cwd, 'few'), { train: 64, test: 32 })
  const zoo = (...more: readonly string[]): Promise<string> =>
    example('zoo', cwd, '--data', data, '--epochs', '1', '--only', 'lenet5,sppMini', '--page', 'zoo.md', ...more)
  const out = await zoo()
  expect(out).toMatch(/^1\/2 {2}lenet5, 61,706 parameters$/m)
  expect(out).toMatch(/^epoch 2\/2 {2}loss \d\.\d{4}/m)
  expect(out).toMatch(/^ {5}\d+\.\d\d % of 32 test images, after [\d.]+ s$/m)
  const page = readFileSync(join(cwd, 'zoo.md'), 'utf8')
  expect(page).toMatch(/^\| \[lenet5\]\(\S+\) \| 61,706 \| 416,520 \| 32×32 \| \d+\.\d\d % \| 2 \|/m)
  for (const file of ['weights.safetensors', 'report.html', 'zoo.json']) expect(existsSync(join(cwd, 'runs/zoo/sppMini', file))).toBe(true)
  // The second time nothing is trained, and the page says the same.
  const again = await zoo('--resume')
  expect(again.match(/, from its run$/gm)).toHaveLength(2)
  expect(again).not.toContain('epoch')
  expect(readFileSync(join(cwd, 'zoo.md'), 'utf8')).toBe(page)
})

test('import nothing but the public entry points', () => {
  for (const name of readdirSync(join(ROOT, 'examples')).filter((file) => file.endsWith('.ts'))) {
    const text = readFileSync(join(ROOT, 'examples', name), 'utf8')
    const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from as string)
    expect(imported.filter((from) => !/^(layergraph(\/(graphs|runtime|kernels))?|zod|commander|node:[\w/]+|@tensorflow\/[\w-]+)$/.test(from)), name).toEqual([])
  }
})
