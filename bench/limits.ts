// Times that are compared with a limit, not with a peer.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { analysisLimits } from './analysis.ts'
import { median } from './measure.ts'

export interface Limit {
  readonly name: string
  readonly title: string
  /** Seconds. */
  readonly limit: number
  readonly measure: () => number
}

const root = fileURLToPath(new URL('..', import.meta.url))
const RUNS = 5

function run(command: string, args: readonly string[], cwd = root): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  return stdout
}

function startUp(folder: string): number {
  return median(Array.from({ length: RUNS }, () => {
    const start = performance.now()
    run('npx', ['layergraph', 'summary', 'vgg16'], folder)
    return (performance.now() - start) / 1000
  }))
}

/** In a project that depends on this package. In the checkout npx first links the package into its own cache. */
function startUpInProject(): number {
  const folder = mkdtempSync(join(tmpdir(), 'layergraph-'))
  try {
    const bin = join(folder, 'node_modules/.bin')
    mkdirSync(bin, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'project', dependencies: { layergraph: '*' } }))
    symlinkSync(root, join(folder, 'node_modules/layergraph'), 'junction')
    symlinkSync('../layergraph/dist/src/cli/main.js', join(bin, 'layergraph'))
    return startUp(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Of several styles of writing 300 layers, the slowest to check. */
function typeCheck(): number {
  const measured = JSON.parse(run(process.execPath, ['bench/types.mjs', '--json'])) as readonly { readonly more: number }[]
  return Math.max(...measured.map(({ more }) => more))
}

export const limits: readonly Limit[] = [
  { name: 'start-up', title: 'npx layergraph summary vgg16, in a project', limit: 1, measure: startUpInProject },
  { name: 'start-up-checkout', title: 'the same in the checkout', limit: 1, measure: () => startUp(root) },
  ...analysisLimits,
  { name: 'types', title: 'type-checking 300 layers, beyond the compiler itself', limit: 2, measure: typeCheck },
]
