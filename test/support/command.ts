// The command line as a user has it: the built package in a process of its own, its output in a pipe.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COMMAND = join(ROOT, 'dist/src/cli/main.js')

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface RunOptions {
  /** Default: the checkout. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Sees the process and everything it has said so far, after each piece of output. */
  readonly onOutput?: (child: ChildProcess, out: string) => void
}

/** Runs Node with these arguments. */
export function node(args: readonly string[], { cwd = ROOT, env = {}, onOutput }: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, FORCE_COLOR: undefined, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      onOutput?.(child, out)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

/** Runs a TypeScript program with these arguments. */
export const typescript = (args: readonly string[], options?: RunOptions): Promise<Ran> =>
  node(['--import', pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href, ...args], options)

/** Runs `layergraph` with these arguments. */
export const layergraph = (args: readonly string[], options?: RunOptions): Promise<Ran> => node([COMMAND, ...args], options)

/** A folder of its own, gone after the test; call it in a test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'layergraph-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}
