// Times, and memory, that are compared with a limit, not with a peer.
import { analysisLimits } from './analysis.ts'
import { memoryLimits } from './memory.ts'
import { median } from './measure.ts'
import { pageLimits } from './page.ts'
import { makeProject, root, run, secondsOf } from './project.ts'

export interface Limit {
  readonly name: string
  readonly title: string
  /** What is counted; default seconds. */
  readonly unit?: Unit
  readonly limit: number
  readonly measure: () => number | Promise<number>
}

/** Seconds, a ratio, or something that is counted. */
export type Unit = 's' | '×' | 'bytes' | 'tensors'

const RUNS = 5

const startUp = (folder: string): number =>
  median(Array.from({ length: RUNS }, () => secondsOf('npx', ['layergraph', 'summary', 'vgg16'], folder)))

/** Of several styles of writing 300 layers, the slowest to check. */
function typeCheck(): number {
  const measured = JSON.parse(run(process.execPath, ['bench/types.mjs', '--json'])) as readonly { readonly more: number }[]
  return Math.max(...measured.map(({ more }) => more))
}

export const limits: readonly Limit[] = [
  { name: 'start-up', title: 'npx layergraph summary vgg16, in a project', limit: 1, measure: () => startUp(makeProject()) },
  // Here npx first links the package into its own cache.
  { name: 'start-up-checkout', title: 'the same in the checkout', limit: 1, measure: () => startUp(root) },
  ...analysisLimits,
  ...pageLimits,
  ...memoryLimits,
  { name: 'types', title: 'type-checking 300 layers, beyond the compiler itself', limit: 2, measure: typeCheck },
]
