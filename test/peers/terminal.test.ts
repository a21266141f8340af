// The command in a real terminal: a line that moves, Ctrl-C from the keyboard, colours.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../support/command.ts'
import { writeDigits } from '../support/digits.ts'
import { python } from '../support/python.ts'

const cwd = mkdtempSync(join(tmpdir(), 'layergraph-terminal-'))
beforeAll(async () => void await writeDigits(join(cwd, 'few')))
afterAll(() => rmSync(cwd, { recursive: true }))

/** What the command writes to a terminal of so many columns, and how it ends. */
function terminal(args: readonly string[], { columns = 120, ctrlCAfter = '' } = {}): { readonly code: number | null; readonly written: string } {
  const script = fileURLToPath(new URL('terminal.py', import.meta.url))
  const { status, stdout } = spawnSync(python, [script, String(columns), ctrlCAfter, process.execPath, join(ROOT, 'dist/src/cli/main.js'), ...args], {
    cwd, encoding: 'utf8', env: { ...process.env, TERM: 'xterm-256color', NO_COLOR: '', FORCE_COLOR: undefined },
  })
  return { code: status, written: stdout }
}

const TRAIN = ['train', 'mnistNet', '--data', 'few', '--batch-size', '32']

test('training moves one line, and leaves a line for each epoch', () => {
  const { code, written } = terminal([...TRAIN, '--epochs', '2', '--out', 'a'])
  expect(code).toBe(0)
  // The cursor is hidden while the line moves, and comes back.
  expect(written.split('\u001b[?25l').length).toBe(3)
  expect(written.lastIndexOf('\u001b[?25h')).toBeGreaterThan(written.lastIndexOf('\u001b[?25l'))
  const lines = written.split('\r\n').map((line) => stripVTControlCharacters(line.split('\u001b[2K').at(-1) as string))
  expect(lines.filter((line) => line.startsWith('epoch'))).toHaveLength(2)
  expect(written).toMatch(/epoch 1\/2 {2}[█░]{24} \d\/8 {2}loss .* accuracy .* images\/s .* left/)
})

test('no line is wider than a narrow terminal lets it be', () => {
  const { written } = terminal([...TRAIN, '--epochs', '1', '--out', 'narrow'], { columns: 40 })
  // Lines do not wrap while one moves.
  expect(written).toContain('\u001b[?7l')
  expect(written.lastIndexOf('\u001b[?7h')).toBeGreaterThan(written.lastIndexOf('\u001b[?7l'))
})

test('Ctrl-C saves, says how to go on, and gives the cursor back', () => {
  const { code, written } = terminal([...TRAIN, '--epochs', '500', '--out', 'b'], { ctrlCAfter: 'images/s' })
  expect(code).toBe(130)
  expect(written).toContain('stopping after this batch')
  expect(written).toMatch(/go on with: npx layergraph train mnistNet --out b --resume\r\n$/)
  expect(written.lastIndexOf('\u001b[?25h')).toBeGreaterThan(written.lastIndexOf('\u001b[?25l'))
})

test('a summary has colours, and fits the terminal', () => {
  const { code, written } = terminal(['summary', 'mnistNet'], { columns: 96 })
  expect(code).toBe(0)
  expect(written).toContain('\u001b[1mmnistNet')
  for (const line of stripVTControlCharacters(written).split('\r\n').slice(2, 21)) expect(line.length).toBeLessThanOrEqual(96)
})
