// What the editor says: every error in cases/errors.ts carries its sentence, and cases/dynamic.ts has none.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Reported { readonly file: string; readonly line: number; readonly text: string }

/** What the compiler says about the case files; continuation lines belong to the error above them. */
function compile(): Reported[] {
  const args = ['node_modules/typescript/bin/tsc', '-p', 'test/types/cases/tsconfig.json', '--pretty', 'false']
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (stderr !== '') throw new Error(stderr)
  const reported: { file: string; line: number; text: string }[] = []
  for (const text of stdout.split('\n')) {
    const [, path, line, message] = /^(\S+?)\((\d+),\d+\): error (.*)$/.exec(text) ?? []
    if (path !== undefined) reported.push({ file: path, line: Number(line), text: message as string })
    else if (reported.length > 0) reported.at(-1)!.text += `\n${text}`
    else if (text !== '') throw new Error(text)
  }
  return reported.filter(({ file }) => file.includes('test/types/cases/')).map((one) => ({ ...one, file: basename(one.file) }))
}

/** The sentences that a case file announces, by line. */
function announced(file: string): { line: number; sentence: string }[] {
  const lines = readFileSync(new URL(`cases/${file}`, import.meta.url), 'utf8').split('\n')
  return lines.flatMap((text, index) => {
    const sentence = / \/\/ ✖ (.*)$/.exec(text)?.[1]
    return sentence === undefined ? [] : [{ line: index + 1, sentence }]
  })
}

describe('the compiler', () => {
  const reported = compile()
  const expected = announced('errors.ts')

  test.each(expected)('errors.ts:$line says "$sentence"', ({ line, sentence }) => {
    const said = reported.filter((one) => one.file === 'errors.ts' && one.line === line).map(({ text }) => text)
    expect(said.join('\n')).toContain(sentence)
  })

  test('reports nothing else', () => {
    const lines = new Set(expected.map(({ line }) => line))
    expect(reported.filter((one) => one.file !== 'errors.ts' || !lines.has(one.line))).toEqual([])
  })

  test('has sentences to check', () => expect(expected.length).toBeGreaterThan(50))
})
