// The commands of the guide to the playground, on a model that comes with it.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { expect, test } from 'vitest'
import { folder, layergraph, ROOT } from '../support/command.ts'
import { allDigits } from '../support/digits.ts'
import { blocks } from '../support/guide.ts'

const guide = readFileSync(join(ROOT, 'docs/guides/playground.md'), 'utf8')

test('a downloaded model serves the commands', async () => {
  const cwd = folder()
  copyFileSync(join(ROOT, 'src/viewer/playground/models/convMini.safetensors'), join(cwd, 'convMini.safetensors'))
  const { inputs } = (await allDigits()).test
  const seven = Uint8Array.from(inputs.data.subarray(0, 784), (value) => Math.round(value * 255))
  writeFileSync(join(cwd, 'seven.png'), encode({ width: 28, height: 28, data: seven, channels: 1, depth: 8 }))
  const commands = blocks(guide, 'sh').flatMap((block) => block.trim().split('\n'))
  expect(commands.filter((command) => command.startsWith('npx layergraph view '))).toHaveLength(1)
  const others = commands.filter((command) => !command.startsWith('npx layergraph view '))
  const said = []
  for (const command of others) {
    const [npx, name, ...args] = command.split(' ')
    expect([npx, name]).toEqual(['npx', 'layergraph'])
    const { code, out, err } = await layergraph(args, { cwd })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    said.push(out)
  }
  expect(said[0]).toContain('98.65 %')
  expect(said[1]).toContain('seven.png: 7')
})
