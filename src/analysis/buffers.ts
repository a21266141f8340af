// The memory of a plan: which tensor lies in which buffer, and how much is held at once.
import type { GraphData } from '../graph/graph.ts'
import { countOf, type Dims } from '../spec/tensor.ts'
import { makeBuffers } from './bufferPool.ts'
import { holdGradients } from './gradientBuffers.ts'
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
  /** In training: bytes held while the gradients through it are computed, without weights; `null` when there are none. */
  readonly heldBack: number | null
}

export interface MemoryPlan {
  readonly name: string
  readonly batch: number
  readonly training: boolean
  readonly steps: readonly PlacedStep[]
  /** The sizes of all buffers in bytes, if each is as large as the largest tensor that ever lies in it. */
  readonly buffers: readonly number[]
  /**
   * The most that is held at once, without weights, what an optimizer keeps, and what a kernel works in. In training that is
   * with all gradients.
   */
  readonly peak: number | null
  /** Bytes of all weights. */
  readonly weights: number | null
}

/** Does the step hand on the numbers it gets? */
function isView({ node, followers }: PlanStep, training: boolean): boolean {
  const does = node.definition.follows?.(node.site, { training })?.does
  return followers.every(({ following }) => following.does === 'nothing' || following.does === 'reshape')
    && (does === 'nothing' || does === 'reshape')
}

/**
 * What a run for a batch holds, step by step. In training every output is held until the gradients through its step are
 * known, which is more than is held in truth: some gradients do not need the tensors they belong to.
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
  const forward = planSteps(graph, options).map((step): PlacedStep => {
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
    return { step, inputs, outputs: step.outputs.map((name) => placed.get(name) as Placed), view, held, heldBack: null }
  })
  const params = sumKnown(graph.nodes.map((node) => countParams(node).params))
  const known = params !== null && [...placed.values()].every(({ bytes }) => bytes !== null)
  const { held } = buffers
  const back = options.training && known ? holdGradients(graph, forward, buffers) : []
  const steps = forward.map((step, index) => ({ ...step, held: known ? step.held : null, heldBack: back[index] ?? null }))
  return {
    name: graph.name, batch, training: options.training, buffers: buffers.sizes, steps, weights: params === null ? null : params * BYTES,
    peak: known ? Math.max(held, ...steps.flatMap((step) => [step.held ?? 0, step.heldBack ?? 0])) : null,
  }
}
