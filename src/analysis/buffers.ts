// The memory of a plan: which tensor lies in which buffer, and how much is held at once.
import type { GraphData } from '../graph/graph.ts'
import { countOf, type Dims } from '../spec/tensor.ts'
import { countParams, sumKnown } from './params.ts'
import { type PlanOptions, planSteps, type PlanStep } from './plan.ts'

const BYTES = 4

/** A tensor of a run. */
export interface Placed {
  /** As `showRef` writes it. */
  readonly name: string
  /** Without the batch. */
  readonly shape: Dims
  /** For the whole batch; `null` when a size is not known. */
  readonly bytes: number | null
  /** The number of the buffer it lies in, from 1; `null` when a size is not known. */
  readonly buffer: number | null
}

/** A step and its tensors. */
export interface PlacedStep {
  readonly step: PlanStep
  readonly inputs: readonly Placed[]
  readonly outputs: readonly Placed[]
  /** Hands on the numbers it gets: its output lies where its input lies. */
  readonly view: boolean
  /** Bytes held while it runs, without weights. */
  readonly held: number | null
}

export interface MemoryPlan {
  readonly name: string
  readonly batch: number
  readonly training: boolean
  readonly steps: readonly PlacedStep[]
  /** The sizes of all buffers in bytes, if each is as large as the largest tensor that ever lies in it. */
  readonly buffers: readonly number[]
  /** The most that is held at once, without weights and without what a kernel works in. */
  readonly peak: number | null
  /** Bytes of all weights. */
  readonly weights: number | null
}

/** Buffers that are given back are taken again: the smallest that is large enough, else the largest, which grows. */
interface Buffers {
  take(bytes: number): number
  /** One more reader of the same numbers. */
  share(buffer: number): number
  giveBack(buffer: number): void
  readonly sizes: readonly number[]
  /** Bytes of tensors that lie in buffers now. */
  readonly held: number
}

function makeBuffers(): Buffers {
  const sizes: number[] = []
  const users: number[] = []
  const used: number[] = []
  const free = (): number[] => [...sizes.keys()].filter((index) => users[index] === 0)
  return {
    sizes,
    get held() {
      return used.reduce((sum, bytes) => sum + bytes, 0)
    },
    take(bytes) {
      const bySize = free().sort((a, b) => (sizes[a] as number) - (sizes[b] as number))
      const index = bySize.find((one) => (sizes[one] as number) >= bytes) ?? bySize.at(-1) ?? sizes.length
      sizes[index] = Math.max(sizes[index] ?? 0, bytes)
      users[index] = 1
      used[index] = bytes
      return index + 1
    },
    share(buffer) {
      users[buffer - 1] = (users[buffer - 1] as number) + 1
      return buffer
    },
    giveBack(buffer) {
      const left = (users[buffer - 1] as number) - 1
      users[buffer - 1] = left
      if (left === 0) used[buffer - 1] = 0
    },
  }
}

/** Does the step hand on the numbers it gets? */
function isView({ node, followers }: PlanStep, training: boolean): boolean {
  const does = node.definition.follows?.(node.site, { training })?.does
  return followers.every(({ following }) => following.does === 'nothing' || following.does === 'reshape')
    && (does === 'nothing' || does === 'reshape')
}

/**
 * What a run for a batch holds, step by step. In training nothing is let go of before the gradients are known, which is
 * more than is held in truth: some gradients do not need the tensors they belong to.
 */
export function planMemory(graph: GraphData, { batch = 1, ...options }: PlanOptions & { readonly batch?: number }): MemoryPlan {
  const buffers = makeBuffers()
  const placed = new Map<string, Placed>()
  const place = (name: string, shape: Dims, in_: number | null): void => {
    const count = countOf(shape)
    const bytes = count === null ? null : count * batch * BYTES
    const buffer = bytes === null ? null : in_ === null ? buffers.take(bytes) : buffers.share(in_)
    placed.set(name, { name, shape, bytes, buffer })
  }
  for (const { id, shape } of graph.inputs) place(id, shape, null)
  const steps = planSteps(graph, options).map((step): PlacedStep => {
    const inputs = step.from.map((name) => placed.get(name) as Placed)
    const view = isView(step, options.training)
    const shapes = (step.followers.at(-1)?.node ?? step.node).site.outputs
    for (const [index, name] of step.outputs.entries()) place(name, shapes[index] as Dims, view ? inputs[0]?.buffer ?? null : null)
    const { held } = buffers
    for (const name of options.training ? [] : step.release) {
      const { buffer } = placed.get(name) as Placed
      // Inputs belong to the caller, who lets go of them when he likes.
      if (buffer !== null && !graph.inputs.some(({ id }) => id === name)) buffers.giveBack(buffer)
    }
    return { step, inputs, outputs: step.outputs.map((name) => placed.get(name) as Placed), view, held }
  })
  const known = [...placed.values()].every(({ bytes }) => bytes !== null)
  const params = sumKnown(graph.nodes.map((node) => countParams(node).params))
  return {
    name: graph.name, batch, training: options.training, buffers: buffers.sizes, weights: params === null ? null : params * BYTES,
    steps: known ? steps : steps.map((step) => ({ ...step, held: null })),
    peak: known ? steps.reduce((most, { held }) => Math.max(most, held ?? 0), buffers.held) : null,
  }
}
