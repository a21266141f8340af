// Kernels in a memory of their own, where every block lies between guards: a read outside brings a NaN into the
// result, a write outside is found.
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { binary, relaxedBinary } from '../../src/kernels/binary.ts'
import type { KernelExports } from '../../src/kernels/binary.ts'
import type { KernelContext } from '../../src/kernels/bridge.ts'
import type { KernelDefinition, PlainTensor } from '../../src/kernels/define.ts'
import { randomValues, relaxedSimd } from './comparison.ts'
import { expectScaled } from './scaled.ts'

const PAGE = 65536
const GUARD_WORDS = 64
/** A NaN whose payload says who wrote it. */
const GUARD = 0x7fc0_beef

const module = new WebAssembly.Module(Uint8Array.from(atob(relaxedSimd ? relaxedBinary : binary), (character) => character.charCodeAt(0)))

type Block = { readonly start: number; readonly bytes: number }

/** The kernels in a memory of their own. */
export type Arena = {
  readonly asm: KernelExports
  /** The address of a new block with these values. */
  put(values: ArrayLike<number>): number
  /** The address of a new block whose contents are NaN: a multiple of four, or of 64 for scratch. */
  room(bytes: number, alignment?: 4 | 64): number
  /** A copy of `count` floats from an address on. */
  read(address: number, count: number): Float32Array
  /** Throws when something has been written outside of the blocks. */
  check(): void
}

export function makeArena(): Arena {
  const memory = new WebAssembly.Memory({ initial: 16 })
  const abort = (): never => expect.fail('a kernel aborted')
  const asm = new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as KernelExports
  const blocks: Block[] = []
  let end = 64
  const words = (): Uint32Array => new Uint32Array(memory.buffer)
  const room = (bytes: number, alignment: 4 | 64 = 4): number => {
    const least = Math.ceil((end + 4 * GUARD_WORDS) / 64) * 64
    // Tensors lie at multiples of four, no more: kernels may not count on it.
    const start = alignment === 64 ? least : least + 4
    const next = start + Math.ceil(bytes / 4) * 4 + 4 * GUARD_WORDS
    if (next > memory.buffer.byteLength) memory.grow(Math.ceil((next - memory.buffer.byteLength) / PAGE) + 16)
    words().fill(GUARD, end >> 2, next >> 2)
    blocks.push({ start, bytes })
    end = next
    return start
  }
  const damaged = (): number[] => {
    const all = words()
    return blocks.flatMap(({ start, bytes }) => {
      const after = Math.ceil((start + bytes) / 4)
      const guards = [...all.subarray((start >> 2) - GUARD_WORDS, start >> 2), ...all.subarray(after, after + GUARD_WORDS)]
      return guards.some((word) => word !== GUARD) ? [start] : []
    })
  }
  return {
    asm, room,
    put(values) {
      const start = room(values.length * 4)
      new Float32Array(memory.buffer).set(values, start / 4)
      return start
    },
    read: (address, count) => new Float32Array(memory.buffer, address, count).slice(),
    check: () => expect(damaged(), 'blocks whose guards were written').toEqual([]),
  }
}

/** A tensor of random values. */
export const plainTensor = (shape: readonly number[], seed: number): PlainTensor =>
  ({ shape, values: randomValues(shape.reduce((product, size) => product * size, 1), seed) })

/** Runs the wasm side of a kernel between guards, and compares it with its reference. */
export function expectGuarded<Attrs>(
  kernel: KernelDefinition<never, Attrs>, inputs: Readonly<Record<string, PlainTensor | null>>, attrs: Attrs, tolerance?: number,
): void {
  const { asm, put, room, read, check } = makeArena()
  const addresses = new WeakMap<object, number>()
  const known = (address: number, shape: readonly number[]): TensorInfo => {
    const dataId = {}
    addresses.set(dataId, address)
    return { dataId, shape: [...shape], dtype: 'float32' }
  }
  const pointer = ({ dataId }: TensorInfo): number => addresses.get(dataId) as number
  const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)
  const valuesAt = (tensor: TensorInfo): Float32Array => read(pointer(tensor), countOf(tensor.shape))
  const context: KernelContext = {
    asm, pointer, output: (shape) => known(room(4 * countOf(shape)), shape), scratch: (bytes) => room(bytes, 64),
    pack: (_tensor, _form, _bytes, own, fill) => {
      fill(own)
      return own
    },
  }
  const placed = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => {
    return [name, tensor === null ? null : known(put(tensor.values), tensor.shape)]
  }))
  const made = [kernel.wasm(context, placed as never, attrs)].flat()
  const expected = [kernel.reference(inputs as never, attrs)].flat()
  expect(made.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape))
  made.forEach((tensor, i) => expectScaled(valuesAt(tensor), expected[i]!.values, tolerance))
  check()
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor !== null) expect(valuesAt(placed[name] as TensorInfo)).toEqual(tensor.values)
  }
}
