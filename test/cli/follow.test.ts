// train --view: the page and its events while the command trains.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { folder, ROOT } from '../support/command.ts'
import { writeDigits } from '../support/digits.ts'

test('a training is followed by who asks for its page, and the command ends as ever', async () => {
  const cwd = folder()
  await writeDigits(join(cwd, 'few'), { train: 4000, test: 50 })
  const child = spawn(process.execPath, [
    join(ROOT, 'dist/src/cli/main.js'), 'train', 'kerasMnist', '--data', 'few', '--epochs', '2', '--out', 'runs/a', '--view', '--no-open',
  ], { cwd })
  onTestFinished(() => { child.kill() })
  let out = ''
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString()
      const found = /follow it at (\S+)/.exec(out)
      if (found !== null) resolve(found[1] as string)
    })
    child.on('close', () => reject(new Error(out)))
  })
  expect(await (await fetch(address)).text()).toContain('"training":"events"')
  const events = await (await fetch(`${address}events`)).text()
  expect(events.startsWith('event: all\ndata: {"run":{"name":"a"')).toBe(true)
  expect(events).toContain('"place":{"epoch":2,"epochs":2')
  expect(events).toContain('"ended":"trained"')
  expect(await ended).toBe(0)
  expect(out).toMatch(/test {2}loss/)
})
