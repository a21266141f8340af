// Times that are compared with a limit, not with a peer.
import { spawnSync } from 'node:child_process'
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

function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  return stdout
}

function startUp(): number {
  return median(Array.from({ length: RUNS }, () => {
    const start = performance.now()
    run('npx', 'layergraph', 'summary', 'vgg16')
    return (performance.now() - start) / 1000
  }))
}

/** Of several styles of writing 300 layers, the slowest to check. */
function typeCheck(): number {
  const measured = JSON.parse(run(process.execPath, 'bench/types.mjs', '--json')) as readonly { readonly more: number }[]
  return Math.max(...measured.map(({ more }) => more))
}

export const limits: readonly Limit[] = [
  { name: 'start-up', title: 'npx layergraph summary vgg16', limit: 1, measure: startUp },
  ...analysisLimits,
  { name: 'types', title: 'type-checking 300 layers, beyond the compiler itself', limit: 2, measure: typeCheck },
]
