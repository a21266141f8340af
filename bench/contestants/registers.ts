// The most that one core can multiply and add in f32x4, in one instruction where our kernels do: accumulators that never leave
// their registers.
import { hasRelaxedSimd } from 'layergraph/kernels'
import { allowRelaxedSimd } from 'layergraph/runtime'
import { Missing, type Prepare, serve, type Step } from '../serve.ts'

const ACCUMULATORS = 10
const FLOPS_PER_TURN = ACCUMULATORS * 4 * 2

const names = Array.from({ length: ACCUMULATORS }, (_, index) => `a${index}`)

allowRelaxedSimd()
const relaxed = hasRelaxedSimd()
const add = (name: string): string => (relaxed ? `f32x4.relaxed_madd(x, y, ${name})` : `f32x4.add(${name}, f32x4.mul(x, y))`)

/** Turns of acc = acc + x · y for each accumulator; y changes, so that no product is made ahead of time. */
const source = `
export function spin(turns: i32, value: f32): f32 {
  const x = f32x4.splat(value)
  let y = x
  ${names.map((name, index) => `let ${name} = f32x4.splat(value + ${index})`).join('\n  ')}
  while (turns > 0) {
    ${names.map((name) => `${name} = ${add(name)}`).join('\n    ')}
    y = v128.xor(y, x)
    turns--
  }
  return f32x4.extract_lane(${names.reduce((sum, name) => `f32x4.add(${sum}, ${name})`)}, 0)
}`

/** As many multiplications and additions as a product of these sizes. */
async function product(m: number, n: number, depth: number): Promise<Step> {
  const { default: asc } = await import('assemblyscript/asc').catch(() => {
    throw new Missing('npm ci')
  })
  const enable = ['simd', ...(relaxed ? ['relaxed-simd'] : [])]
  const { binary, error } = await asc.compileString(source, { optimizeLevel: 3, runtime: 'stub', enable, noAssert: true })
  if (binary === null || error !== null) throw error ?? new Error('assemblyscript gave no program')
  const { instance } = await WebAssembly.instantiate(new Uint8Array(binary))
  const spin = instance.exports['spin'] as (turns: number, value: number) => number
  const turns = Math.round((2 * m * n * depth) / FLOPS_PER_TURN)
  return () => spin(turns, 1e-9)
}

const works: Readonly<Record<string, Prepare>> = { 'product-1024': () => product(1024, 1024, 1024) }

await serve(works, () => `Node ${process.versions.node}`)
