// The command as users have it: in a project of theirs that depends on this package.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** What a program prints. @throws Error when it fails. */
export function run(command: string, args: readonly string[], cwd = root): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** Seconds from start to exit. */
export function secondsOf(command: string, args: readonly string[], cwd = root): number {
  const start = performance.now()
  run(command, args, cwd)
  return (performance.now() - start) / 1000
}

/** A folder with a project that depends on this package, gone when the process ends. */
export function makeProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layergraph-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const bin = join(folder, 'node_modules/.bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'project', dependencies: { layergraph: '*' } }))
  symlinkSync(root, join(folder, 'node_modules/layergraph'), 'junction')
  symlinkSync('../layergraph/dist/src/cli/main.js', join(bin, 'layergraph'))
  return folder
}
