// What WebAssembly has here. SIMD: browsers of before 2021 (Safari: 2023) lack it, and some switch WebAssembly off. Relaxed
// SIMD: Chrome and Edge from 114, Node from 22, Node 20 and 21 when told (platform/engine.ts).

/** A module with one function, whose instructions these are. */
const moduleOf = (...instructions: readonly number[]): Uint8Array<ArrayBuffer> => {
  const body = [0, ...instructions, 11]
  // One type, () → v128; one function of that type; its code.
  return Uint8Array.of(
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, body.length + 2, 1, body.length, ...body,
  )
}

/** i8x16.splat(0) */
const SPLAT = [65, 0, 253, 15] as const
const POPCNT = [253, 98] as const
/** f32x4.relaxed_madd */
const RELAXED_MADD = [253, 133, 2] as const

const accepts = (module: Uint8Array<ArrayBuffer>): boolean => typeof WebAssembly === 'object' && WebAssembly.validate(module)

/** Can the kernels for the backend `wasm` run? */
export const hasSimd = (): boolean => accepts(moduleOf(...SPLAT, ...POPCNT))

/** Can WebAssembly multiply and add in one instruction? The kernels use it where it can, unless told not to. */
export const hasRelaxedSimd = (): boolean => accepts(moduleOf(...SPLAT, ...SPLAT, ...SPLAT, ...RELAXED_MADD))

export const WITHOUT_SIMD = 'WebAssembly has no SIMD here, which the layergraph kernels for the backend "wasm" are made of'
