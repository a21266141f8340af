// Kernels in a memory of their own, where every buffer lies between guards: a read outside brings a NaN into the
// result, a write outside is found.
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { binary } from '../../src/kernels/binary.ts'
import type { KernelExports } from '../../src/kernels/binary.ts'
import type { KernelContext } from '../../src/kernels/bridge.ts'
import type { KernelDefinition, PlainTensor } from '../../src/kernels/define.ts'
import { expectScaled } from './scaled.ts'

const PAGE = 65536
const GUARD_WORDS = 64
/** A NaN whose payload says who wrote it. */
const GUARD = 0x7fc0_beef

type Buffer = { readonly start: number; readonly bytes: number }

const module = new WebAssembly.Module(Uint8Array.from(atob(binary), (character) => character.charCodeAt(0)))

function makeMemory() {
  const memory = new WebAssembly.Memory({ initial: 16 })
  const buffers: Buffer[] = []
  let end = 64
  const words = (): Uint32Array => new Uint32Array(memory.buffer)
  /** A buffer full of guards, between guards. */
  const take = (bytes: number): number => {
    const start = Math.ceil((end + 4 * GUARD_WORDS) / 64) * 64
    const next = start + bytes + 4 * GUARD_WORDS
    if (next > memory.buffer.byteLength) memory.grow(Math.ceil((next - memory.buffer.byteLength) / PAGE) + 16)
    words().fill(GUARD, end >> 2, next >> 2)
    buffers.push({ start, bytes })
    end = next
    return start
  }
  const damaged = (): number[] => {
    const all = words()
    return buffers.flatMap(({ start, bytes }) => {
      const after = Math.ceil((start + bytes) / 4)
      const guards = [...all.subarray((start >> 2) - GUARD_WORDS, start >> 2), ...all.subarray(after, after + GUARD_WORDS)]
      return guards.some((word) => word !== GUARD) ? [start] : []
    })
  }
  return { memory, take, damaged }
}

/** Runs the wasm side of a kernel between guards, and compares it with its reference. */
export function expectGuarded<Attrs>(
  kernel: KernelDefinition<never, Attrs>, inputs: Readonly<Record<string, PlainTensor | null>>, attrs: Attrs,
): void {
  const { memory, take, damaged } = makeMemory()
  const abort = (): never => expect.fail(`${kernel.name} aborted`)
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } })
  const addresses = new WeakMap<object, number>()
  const place = (shape: readonly number[]): TensorInfo => {
    const dataId = {}
    addresses.set(dataId, take(4 * shape.reduce((product, size) => product * size, 1)))
    return { dataId, shape: [...shape], dtype: 'float32' }
  }
  const pointer = ({ dataId }: TensorInfo): number => addresses.get(dataId) as number
  const valuesAt = (tensor: TensorInfo): Float32Array =>
    new Float32Array(memory.buffer, pointer(tensor), tensor.shape.reduce((product, size) => product * size, 1))
  const context: KernelContext = {
    asm: instance.exports as unknown as KernelExports, pointer, output: place, scratch: take,
    pack: (_tensor, _form, _bytes, room, fill) => {
      fill(room)
      return room
    },
  }
  const placed = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => {
    if (tensor === null) return [name, null]
    const info = place(tensor.shape)
    valuesAt(info).set(tensor.values)
    return [name, info]
  }))
  const made = [kernel.wasm(context, placed as never, attrs)].flat()
  const expected = [kernel.reference(inputs as never, attrs)].flat()
  expect(made.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape))
  made.forEach((tensor, i) => expectScaled(valuesAt(tensor), expected[i]!.values))
  expect(damaged()).toEqual([])
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor !== null) expect(valuesAt(placed[name] as TensorInfo)).toEqual(tensor.values)
  }
}
