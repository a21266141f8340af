// Operations with gradients of their own, and the tape that strings them together.
//
// TensorFlow.js has a tape too, which copies every tensor that a gradient will read. Ours keeps handles on the same
// numbers, forgets what does not lead back to a weight, and lets go of each number after its last use. Operations that
// run within `tf.grads` and its like still go onto that tape.
import { dispose, engine, tidy, type Tensor } from '@tensorflow/tfjs-core'
import { addN } from '../kernels/sum.ts'

type Inputs = Readonly<Record<string, Tensor>>

/** An operation: what it gives, what its gradient needs, and the gradient by each input. */
export interface Recorded<I extends Inputs, T extends Tensor> {
  /** Computes the output, and what else only the gradient reads. Runs no gradient-recording of its own. */
  readonly forward: () => T | Forwarded<T>
  /** Tensors the gradient reads; they outlive the tensors they come from. Runs after `forward`. */
  readonly save: (output: T, besides: readonly Tensor[]) => readonly Tensor[]
  /** The gradient by each input, called only for those that are asked for. What all need is computed before. */
  readonly gradients: (dy: T, saved: readonly Tensor[]) => { readonly [K in keyof I]: () => Tensor }
}

/** An output, and tensors besides it that nobody but the gradient sees. */
export interface Forwarded<T extends Tensor> {
  readonly output: T
  readonly besides: readonly Tensor[]
}

const split = <T extends Tensor>(made: T | Forwarded<T>): Forwarded<T> => ('besides' in made ? made : { output: made, besides: [] })

/** An operation that ran, by the ids of its tensors, which may be gone by now. */
interface Entry {
  readonly output: number
  /** Inputs that lead back to what is differentiated by. */
  readonly inputs: readonly (readonly [name: string, id: number])[]
  readonly saved: readonly Tensor[]
  readonly gradients: (dy: Tensor, saved: readonly Tensor[]) => Readonly<Record<string, () => Tensor>>
}

interface Tape {
  /** Ids of tensors that lead back to what is differentiated by. */
  readonly reached: Set<number>
  readonly entries: Entry[]
}

/** The tape of the `differentiate` that is running, if one is. */
let tape: Tape | null = null

/** Another tensor on the same numbers, which live until both are disposed of. */
export function handle<T extends Tensor>(x: T): T {
  return engine().runKernel('Reshape', { x }, { shape: x.shape }) as T
}

function onTape<I extends Inputs, T extends Tensor>({ reached, entries }: Tape, inputs: I, operation: Recorded<I, T>): T {
  const leading = Object.entries(inputs).flatMap(([name, { id }]) => (reached.has(id) ? [[name, id] as const] : []))
  const { output, besides } = split(tidy(() => operation.forward() as T))
  if (leading.length > 0) {
    reached.add(output.id)
    const saved = operation.save(output, besides).map(handle)
    entries.push({ output: output.id, inputs: leading, saved, gradients: operation.gradients as Entry['gradients'] })
  }
  dispose([...besides])
  return output
}

type EngineTape = {
  runKernelFunc<T extends Tensor>(kernel: {
    inputs: Inputs
    forwardFunc: (backend: unknown, save: (tensors: Tensor[]) => void) => T
    backwardsFunc: (dy: T, saved: Tensor[]) => Record<string, () => Tensor>
  }): T
}

/** `tf.customGrad` does the same, but computes the gradients by all inputs, also by those that nobody asks for. */
function onEngine<I extends Inputs, T extends Tensor>(inputs: I, { forward, save, gradients }: Recorded<I, T>): T {
  return (engine() as unknown as EngineTape).runKernelFunc<T>({
    inputs,
    forwardFunc: (_backend, saveForBackward) => {
      const { output, besides } = split(forward())
      saveForBackward([...save(output, besides)])
      return output
    },
    backwardsFunc: (dy, saved) => gradients(dy, saved),
  })
}

/** Runs an operation, and records it where something is being differentiated. */
export function record<I extends Inputs, T extends Tensor>(inputs: I, operation: Recorded<I, T>): T {
  if (tape !== null) return onTape(tape, inputs, operation)
  return engine().isTapeOn() ? onEngine(inputs, operation) : tidy(() => split(operation.forward()).output)
}

/** Runs an operation that is a constant to every gradient. */
export function constant<T extends Tensor | Tensor[]>(forward: () => T): T {
  return record<Inputs, never>({}, { forward: forward as () => never, save: () => [], gradients: () => ({}) })
}

/** Would a gradient get lost here? The inputs of something that ran lead back to a weight, but its output does not. */
export function breaksGradient(inputs: readonly Tensor[], outputs: readonly Tensor[]): boolean {
  if (tape === null) return false
  const { reached } = tape
  return inputs.some(({ id }) => reached.has(id)) && !outputs.some(({ id }) => reached.has(id))
}

/** Gradients on their way back, by the id of the tensor that they belong to. */
type Flowing = Map<number, Tensor>

function flow(flowing: Flowing, id: number, gradient: Tensor): void {
  const before = flowing.get(id)
  if (before === undefined) {
    flowing.set(id, gradient)
    return
  }
  flowing.set(id, addN([before, gradient]))
  before.dispose()
  gradient.dispose()
}

/** Takes one step back: from the gradient by an output to those by the inputs. */
function stepBack(flowing: Flowing, { inputs, saved, gradients }: Entry, dy: Tensor): void {
  const found = tidy(() => {
    const by = gradients(dy, saved)
    return inputs.map(([name]) => (by[name] as () => Tensor)())
  })
  const owned = new Set<Tensor>([dy, ...saved])
  for (const [index, gradient] of found.entries()) {
    // Some gradients are dy itself, or the same tensor for several inputs.
    flow(flowing, (inputs[index] as Entry['inputs'][number])[1], owned.has(gradient) ? handle(gradient) : gradient)
    owned.add(gradient)
  }
}

/** Walks the tape backwards, and empties it. */
function goBack({ entries }: Tape, flowing: Flowing, of: ReadonlySet<number>): void {
  for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) {
    const dy = flowing.get(entry.output)
    try {
      if (dy !== undefined) stepBack(flowing, entry, dy)
    } finally {
      for (const tensor of entry.saved) tensor.dispose()
    }
    if (dy !== undefined && !of.has(entry.output)) {
      dy.dispose()
      flowing.delete(entry.output)
    }
  }
}

/** An output, and the gradient by it. */
export type Seed = readonly [output: Tensor, gradient: Tensor]

/**
 * Runs, and follows the gradients of the outputs back to each tensor of `of`; `undefined` where none leads to it. The
 * seeds are used up. Call it in a tidy.
 */
export function differentiate<R>(
  of: readonly Tensor[], run: () => { readonly result: R; readonly seeds: readonly Seed[] },
): { readonly result: R; readonly gradients: readonly (Tensor | undefined)[] } {
  const ids = new Set(of.map(({ id }) => id))
  const own: Tape = { reached: new Set(ids), entries: [] }
  const outer = tape
  try {
    tape = own
    const { result, seeds } = run()
    tape = null
    const flowing: Flowing = new Map()
    for (const [{ id }, gradient] of seeds) flow(flowing, id, gradient)
    goBack(own, flowing, ids)
    return { result, gradients: of.map(({ id }) => flowing.get(id)) }
  } finally {
    tape = outer
    for (const { saved } of own.entries) for (const tensor of saved) tensor.dispose()
  }
}
