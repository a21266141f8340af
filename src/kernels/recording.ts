/**
 * Recording what kernels do, to do it again without asking TensorFlow.js: what passes between TypeScript and our module
 * are numbers, so that a run is a list of calls with numbers.
 *
 * While a run is recorded, kernels get tokens in place of addresses: 2⁵², plus 2³³ times the number of a block, plus an
 * offset in the block. No address, size or setting is as large, so that tokens are found among the arguments. Block 1 is
 * scratch, the others are tensors. When the run is over, the tensors get places in one stretch of memory, from their first to their last use,
 * and addresses take the place of tokens. Functions that answer with a number only look; they are not called again.
 *
 * A run of which something was computed elsewhere is not recorded: kernels then meet a tensor that neither came in, nor
 * is a constant, nor was made by one of them.
 */

import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Bridge, KernelContext } from './bridge.ts'
import { placeBlocks } from './placing.ts'
import { sizeOf } from './shapes.ts'

type Argument = number | boolean
type Call = { readonly run: (...args: readonly Argument[]) => unknown; readonly args: readonly Argument[] }
type Tensors = Readonly<Record<string, TensorInfo>>

/** A run that can be repeated. */
export type Recording = {
  /** Bytes of memory it holds. */
  readonly bytes: number
  /** The outputs for other inputs, of as many numbers as those of the run. */
  repeat(inputs: Readonly<Record<string, ArrayLike<number>>>): Readonly<Record<string, Float32Array>>
  /** Gives its memory back. It cannot be repeated afterwards. */
  free(): void
}

export type RecordOptions = {
  readonly inputs: Tensors
  /** Tensors that stay where they are, with the same numbers, as long as the recording is used. */
  readonly constants: readonly TensorInfo[]
  /** Keeps what is made of constants alone. */
  readonly packs: Packs
  /** Recordings that would hold more bytes are not made. */
  readonly mostBytes: number
}

/** What kernels have made of constants, for all recordings that use them. */
export type Packs = {
  /** The address of what `fill` makes of a tensor, made at the first time. */
  get(of: TensorInfo, form: string, bytes: number, bridge: Bridge, fill: (address: number) => void): number
  /** To be called when constants are no longer the same; recordings that use them are then of no use. */
  free(): void
}

export function makePacks(): Packs {
  const known = new Map<object, Map<string, number>>()
  const frees: (() => void)[] = []
  return {
    get({ dataId }, form, bytes, bridge, fill) {
      const forms = known.get(dataId) ?? new Map<string, number>()
      known.set(dataId, forms)
      const before = forms.get(form)
      if (before !== undefined) return before
      const { address, free } = bridge.allocate(bytes)
      frees.push(free)
      fill(address)
      forms.set(form, address)
      return address
    },
    free() {
      for (const free of frees.splice(0)) free()
      known.clear()
    },
  }
}

const BASE = 2 ** 52
const SPACE = 2 ** 33
const SCRATCH = 1

const tokenOf = (block: number): number => BASE + block * SPACE

/** The block of a token, 0 for other arguments. */
const blockOf = (argument: Argument): number =>
  (typeof argument === 'number' && argument >= BASE && argument < 2 * BASE ? Math.floor((argument - BASE) / SPACE) : 0)

/** An argument with the address of its block in place of the token. */
function resolve(argument: Argument, addressOf: (block: number) => number): Argument {
  const block = blockOf(argument)
  return block === 0 ? argument : addressOf(block) + (argument as number) - tokenOf(block)
}

const bytesOf = ({ shape }: TensorInfo): number => sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT

type Recorder = {
  contextOf(bridge: Bridge): KernelContext
  finish(outputs: Tensors): Recording | null
}

/** The recorder of the run that is being recorded, if one is. */
let recorder: Recorder | null = null

/** What kernels on this bridge get. */
export const contextOf = (bridge: Bridge): KernelContext => recorder?.contextOf(bridge) ?? bridge.context

/** Whether a recording is under way that keeps what is made of a tensor alone. */
export const keepsPacks = (tensor: TensorInfo): boolean => keeping?.has(tensor.dataId) ?? false

let keeping: ReadonlySet<object> | null = null

/** Runs a task and records it; no recording when something in it is done by others, or when it would be too large. */
export function recordRun<T extends { readonly outputs: Tensors }>(
  options: RecordOptions, task: () => T,
): { readonly ran: T; readonly recording: Recording | null } {
  const own = makeRecorder(options)
  try {
    recorder = own
    keeping = new Set(options.constants.map(({ dataId }) => dataId))
    const ran = task()
    return { ran, recording: own.finish(ran.outputs) }
  } finally {
    recorder = null
    keeping = null
  }
}

function makeRecorder({ inputs, constants, packs, mostBytes }: RecordOptions): Recorder {
  const constant = new Set(constants.map(({ dataId }) => dataId))
  const numbers = new Map<object, number>()
  const blocks: { readonly bytes: number; address: number }[] = [{ bytes: 0, address: 0 }, { bytes: 0, address: 0 }]
  const calls: Call[] = []
  let bridge: Bridge | null = null
  let context: KernelContext | null = null
  let strange = false
  let packing = false

  const add = (tensor: TensorInfo): void => {
    // Two inputs that are one tensor cannot be told apart.
    if (numbers.has(tensor.dataId)) strange = true
    numbers.set(tensor.dataId, blocks.push({ bytes: bytesOf(tensor), address: 0 }) - 1)
  }
  const now = (block: number): number => (blocks[block] as { address: number }).address
  const listen = (run: Call['run']) => (...args: readonly Argument[]): unknown => {
    const answer = run(...args.map((one) => resolve(one, now)))
    if (answer === undefined && !packing) calls.push({ run, args })
    return answer
  }
  const makeContext = (of: Bridge): KernelContext => ({
    asm: Object.fromEntries(Object.entries(of.context.asm).map(([name, run]) => [name, listen(run as Call['run'])])) as unknown as KernelContext['asm'],
    pointer: (tensor) => {
      const address = of.context.pointer(tensor)
      if (constant.has(tensor.dataId)) return address
      const number = numbers.get(tensor.dataId)
      if (number === undefined) {
        strange = true
        return address
      }
      ;(blocks[number] as { address: number }).address = address
      return tokenOf(number)
    },
    output: (shape) => {
      const made = of.context.output(shape)
      add(made)
      return made
    },
    scratch: (bytes) => {
      blocks[SCRATCH] = { bytes: Math.max(bytes, blocks[SCRATCH]?.bytes ?? 0), address: of.context.scratch(bytes) }
      return tokenOf(SCRATCH)
    },
    pack: (tensor, form, bytes, room, fill) => {
      if (!constant.has(tensor.dataId)) return of.context.pack(tensor, form, bytes, room, fill)
      packing = true
      try {
        return packs.get(tensor, form, bytes, of, fill)
      } finally {
        packing = false
      }
    },
  })

  for (const tensor of Object.values(inputs)) add(tensor)
  return {
    contextOf(of) {
      if (bridge !== null && bridge !== of) strange = true
      bridge = of
      context ??= makeContext(of)
      return context
    },
    finish(outputs) {
      const places = (tensors: Tensors): readonly (readonly [name: string, block: number])[] =>
        Object.entries(tensors).map(([name, { dataId }]) => [name, numbers.get(dataId) ?? 0])
      const [from, to] = [places(inputs), places(outputs)]
      const known = to.every(([, block]) => block !== 0 && !from.some(([, input]) => input === block))
      if (strange || bridge === null || !known) return null
      return layOut({ bridge, calls, sizes: blocks.map(({ bytes }) => bytes), from, to, mostBytes })
    },
  }
}

type Places = readonly (readonly [name: string, block: number])[]

type Recorded = {
  readonly bridge: Bridge
  readonly calls: readonly Call[]
  /** Bytes of each block. */
  readonly sizes: readonly number[]
  readonly from: Places
  readonly to: Places
  readonly mostBytes: number
}

/** Gives every block its place, and every call its addresses. */
function layOut({ bridge, calls, sizes, from, to, mostBytes }: Recorded): Recording | null {
  const spans = sizes.map((bytes, block) => ({ bytes, first: calls.length, last: block === SCRATCH ? calls.length : -1 }))
  const use = (block: number, time: number): void => {
    const span = spans[block] as (typeof spans)[number]
    span.first = Math.min(span.first, time)
    span.last = Math.max(span.last, time)
  }
  for (const [, block] of from) use(block, -1)
  for (const [time, { args }] of calls.entries()) {
    for (const argument of args) if (blockOf(argument) !== 0) use(blockOf(argument), time)
  }
  for (const [, block] of to) use(block, calls.length)
  use(SCRATCH, -1)
  const { offsets, bytes } = placeBlocks(spans)
  if (bytes > mostBytes) return null
  const { address, free } = bridge.allocate(bytes)
  const addressOf = (block: number): number => address + (offsets[block] as number)
  const bound = calls.map(({ run, args }) => ({ run, args: args.map((one) => resolve(one, addressOf)) }))
  const ends = (places: Places) => places.map(([name, block]) =>
    ({ name, address: addressOf(block), count: (sizes[block] as number) / Float32Array.BYTES_PER_ELEMENT }))
  const [entries, exits] = [ends(from), ends(to)]
  return {
    bytes, free,
    repeat(inputs) {
      for (const entry of entries) bridge.view(entry.address, entry.count).set(inputs[entry.name] as ArrayLike<number>)
      for (const { run, args } of bound) run(...args)
      return Object.fromEntries(exits.map((exit) => [exit.name, bridge.view(exit.address, exit.count).slice()]))
    },
  }
}
