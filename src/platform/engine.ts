// What V8 can be told, as Node has it. In a page engine.browser.ts stands in for this module.
import { setFlagsFromString } from 'node:v8'

/** The first Node whose V8 has relaxed SIMD without being told. */
const HAS_RELAXED_SIMD = 22

/**
 * Switches on relaxed SIMD in Node 20 and 21, which have it behind `--experimental-wasm-relaxed-simd`, for the whole
 * process. Call it before the first model or kernel. Does nothing elsewhere: WebAssembly has it by itself or not at all.
 */
export function allowRelaxedSimd(): void {
  if (Number(process.versions.node.split('.')[0]) < HAS_RELAXED_SIMD) setFlagsFromString('--experimental-wasm-relaxed-simd')
}
