// The page of small networks says what the analyzer says, and that each network learns its digits.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { graphs } from '../../graphs/index.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import { ROOT } from '../support/command.ts'

const page = readFileSync(join(ROOT, 'docs/zoo.md'), 'utf8')
const rows = [...page.matchAll(/^\| \[(\w+)\]\(\S+\) \| ([\d,]+) \| ([\d,]+) \| (\S+) \| ([\d.]+) % \|/gm)]
const number = (text: string | undefined): number => Number(text?.replaceAll(',', ''))

test('every small network is there', () => {
  const program = readFileSync(join(ROOT, 'examples/zoo.ts'), 'utf8')
  expect(rows.map(([, name]) => name)).toEqual([...program.matchAll(/entry\((\w+)\(/g)].map(([, name]) => name))
  expect(rows).toHaveLength(11)
})

test.each(rows.map((row) => [row[1] as string, row] as const))('%s', (name, [, , params, macs, field, accuracy]) => {
  const model = graphs.find((one) => one.name === name)
  const config = name === 'lenet5' ? { inputShape: [28, 28, 1], padding: 2 } : { inputShape: [28, 28, 1] }
  const { totals, nodes } = analyze(model!(config))
  expect([number(params), number(macs)]).toEqual([totals.params, totals.macs])
  expect(nodes.map((node) => (Array.isArray(node.field?.size) ? node.field.size.join('×') : 'all'))).toContain(field)
  expect(Number(accuracy)).toBeGreaterThanOrEqual(98.5)
})
