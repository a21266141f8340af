// What training takes of the backend's memory: beside the plan's figure, and over many steps. In a process of its own, since
// memory that was grown once stays.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Limit } from './limits.ts'

/** What bench/contestants/memory.ts found. */
export interface MemoryFound {
  /** Bytes of the backend's whole memory by those of the plan, for each batch. */
  readonly byPlan: number
  /** Bytes that the memory has grown by from step 100 to step 1,000. */
  readonly grown: number
  /** Tensors that there are more. */
  readonly more: number
}

let found: MemoryFound | null = null

/** All three come from one run. */
function find(): MemoryFound {
  if (found !== null) return found
  const file = fileURLToPath(new URL('contestants/memory.ts', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  found = JSON.parse(stdout) as MemoryFound
  return found
}

export const memoryLimits: readonly Limit[] = [
  {
    name: 'memory-by-plan', title: 'LeNet class, training at 512: memory of the backend by the plan, weights and adam included', unit: '×',
    limit: 2, measure: () => find().byPlan,
  },
  {
    name: 'memory-growth', title: 'the same at 128: growth of the memory from step 100 to 1,000', unit: 'bytes', limit: 0,
    measure: () => find().grown,
  },
  {
    name: 'tensor-growth', title: 'tensors more in that time', unit: 'tensors', limit: 0, measure: () => find().more,
  },
]
