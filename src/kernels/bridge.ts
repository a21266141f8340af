/**
 * One instance of our WebAssembly module inside the memory of one wasm backend.
 *
 * The backend keeps every tensor in its linear memory. Our module imports that memory, so that a kernel reads
 * and writes tensors in place: what passes between TypeScript and the module are byte addresses. Addresses stay
 * valid when the memory grows, views of its buffer do not; so no view is ever kept.
 */

import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'
import { binary, relaxedBinary } from './binary.ts'
import type { KernelExports } from './binary.ts'
import { hasRelaxedSimd } from './simd.ts'

/** What a kernel may use. */
export type KernelContext = {
  /** The functions of our module, as scripts/build-kernels.mjs found them. */
  readonly asm: KernelExports
  /** The byte address of a tensor's values. */
  pointer(tensor: TensorInfo): number
  /** A new float32 tensor, its values undefined. */
  output(shape: readonly number[]): TensorInfo
  /**
   * The byte address, a multiple of 64, of at least `bytes` bytes whose contents are undefined. Every call may
   * answer with the same block, and a larger request may move it: ask once per kernel.
   */
  scratch(bytes: number): number
  /**
   * The address of `bytes` bytes that `fill` makes of a tensor alone, such as a filter laid out for a product. They are
   * made anew in `room`, a part of scratch, unless a recording keeps them (recording.ts). `form` names what is made.
   */
  pack(tensor: TensorInfo, form: string, bytes: number, room: number, fill: (address: number) => void): number
}

/** A context, the memory it works in, and the end of it. */
export type Bridge = {
  readonly context: KernelContext
  /** A block of its own at a multiple of 64. */
  allocate(bytes: number): { readonly address: number; readonly free: () => void }
  /** A view of `count` floats, good until something is allocated. */
  view(address: number, count: number): Float32Array
  /** Returns the scratch block to the backend. The context may be used again, and then asks for a new one. */
  freeScratch(): void
}

/** The members of tfjs-backend-wasm 4 that the bridge stands on; they are not part of its public interface. */
type WasmBackend = {
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } }
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo
  readonly wasm: {
    /** The exports of the builds without threads. */
    readonly asm?: { readonly memory?: WebAssembly.Memory }
    /** The memory of the build with threads. */
    readonly wasmMemory?: WebAssembly.Memory
    _malloc(bytes: number): number
    _free(address: number): void
  }
}

const ALIGNMENT = 64

function memoryOf(backend: Partial<WasmBackend>): WebAssembly.Memory {
  const memory = backend.wasm?.asm?.memory ?? backend.wasm?.wasmMemory
  const known = typeof backend.dataIdMap?.get === 'function' && typeof backend.makeOutput === 'function'
    && typeof backend.wasm?._malloc === 'function' && typeof backend.wasm._free === 'function'
  if (!known || !(memory instanceof WebAssembly.Memory)) {
    throw new Error('The layergraph kernels do not know this wasm backend: they find neither its memory nor its '
      + 'tensors. They are made for @tensorflow/tfjs-backend-wasm 4.22.')
  }
  if (typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer) {
    throw new Error('The layergraph kernels run without threads, but this wasm backend has some: before it starts, call '
      + "tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false).")
  }
  return memory
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}

// Synchronous, because TensorFlow.js calls kernels synchronously and binds them on their first call.
function instantiate(memory: WebAssembly.Memory, relaxedSimd: boolean): KernelExports {
  const abort = (): never => {
    throw new Error('A layergraph kernel aborted.')
  }
  const module = new WebAssembly.Module(decodeBase64(relaxedSimd && hasRelaxedSimd() ? relaxedBinary : binary))
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as KernelExports
}

function allocate({ wasm }: WasmBackend, bytes: number): ReturnType<Bridge['allocate']> {
  const block = wasm._malloc(bytes + ALIGNMENT) >>> 0
  if (block === 0) throw new RangeError(`The wasm backend has no ${bytes} bytes left for a kernel to work in.`)
  return { address: Math.ceil(block / ALIGNMENT) * ALIGNMENT, free: () => wasm._free(block) }
}

/** One block, grown on demand. */
function makeScratch(backend: WasmBackend): { take(bytes: number): number; free(): void } {
  let block: ReturnType<Bridge['allocate']> | null = null
  let size = 0
  const free = (): void => {
    block?.free()
    block = null
    size = 0
  }
  const take = (bytes: number): number => {
    if (block === null || bytes > size) {
      free()
      block = allocate(backend, bytes)
      size = bytes
    }
    return block.address
  }
  return { take, free }
}

/**
 * Binds our module to a wasm backend, the one for relaxed SIMD where it is wanted and there. Throws when the backend is not
 * the one this was written for.
 */
export function makeBridge(backend: KernelBackend, { relaxedSimd }: { readonly relaxedSimd: boolean }): Bridge {
  const memory = memoryOf(backend as unknown as Partial<WasmBackend>)
  const known = backend as unknown as WasmBackend
  const scratch = makeScratch(known)
  return {
    context: {
      asm: instantiate(memory, relaxedSimd),
      pointer: tensor => known.dataIdMap.get(tensor.dataId).memoryOffset,
      output: shape => known.makeOutput([...shape], 'float32'),
      scratch: scratch.take,
      pack: (_tensor, _form, _bytes, room, fill) => {
        fill(room)
        return room
      },
    },
    allocate: bytes => allocate(known, bytes),
    view: (address, count) => new Float32Array(memory.buffer, address, count),
    freeScratch: scratch.free,
  }
}
