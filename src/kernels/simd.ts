// Whether WebAssembly has SIMD here. Browsers of before 2021 (Safari: 2023) lack it, and some switch WebAssembly off.

/** A function that answers with v128: i8x16.popcnt(i8x16.splat(0)). */
const MODULE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
)

/** Can the kernels for the backend `wasm` run? */
export const hasSimd = (): boolean => typeof WebAssembly === 'object' && WebAssembly.validate(MODULE)

export const WITHOUT_SIMD = 'WebAssembly has no SIMD here, which the layergraph kernels for the backend "wasm" are made of'
