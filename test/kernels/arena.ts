// Memory of its own for the kernels, with a guard zone on both sides of every block.
import { expect } from 'vitest'
import { binary } from '../../src/kernels/binary.ts'
import type { KernelExports } from '../../src/kernels/binary.ts'

const PAGE = 65536
const GUARD = 256
/** A NaN, so that a value read outside a block spoils what is computed from it. */
const PATTERN = 0x7fc0dead

const module = new WebAssembly.Module(Uint8Array.from(atob(binary), (character) => character.charCodeAt(0)))

export type Arena = {
  readonly asm: KernelExports
  /** The address of a new block with these values. */
  put(values: ArrayLike<number>): number
  /** The address of a new block whose contents are NaN. */
  room(bytes: number): number
  /** `count` floats from an address on. */
  read(address: number, count: number): Float32Array
  /** Throws when something has been written outside of the blocks. */
  check(): void
}

/** An instance of the kernels in a memory of `bytes`. */
export function makeArena(bytes: number): Arena {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) + 1 })
  const abort = (): never => {
    throw new Error('A kernel aborted.')
  }
  const asm = new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as KernelExports
  const words = new Uint32Array(memory.buffer).fill(PATTERN)
  const floats = new Float32Array(memory.buffer)
  const blocks: { start: number; end: number }[] = []
  let next = PAGE
  const room = (size: number): number => {
    const start = next
    const end = start + Math.ceil(size / 4) * 4
    if (end + GUARD > words.byteLength) throw new RangeError('The arena is too small.')
    blocks.push({ start, end })
    // Addresses are multiples of four, no more: kernels may not count on it.
    next = end + GUARD + 4
    return start
  }
  return {
    asm,
    room,
    put: (values) => {
      const start = room(values.length * 4)
      floats.set(values, start / 4)
      return start
    },
    read: (address, count) => floats.slice(address / 4, address / 4 + count),
    check: () => {
      let from = 0
      for (const { start, end } of [...blocks, { start: words.byteLength, end: words.byteLength }]) {
        const outside = words.subarray(from / 4, start / 4)
        const at = outside.findIndex((word) => word !== PATTERN)
        expect(at < 0 ? null : `byte ${from + 4 * at}, ${start - from - 4 * at} before a block`).toBe(null)
        from = end
      }
    },
  }
}
