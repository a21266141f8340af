// The types and `infer` say the same, sentence for sentence, about thousands of random layers and chains of layers.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { layers } from '../../layers/index.ts'
import type { LayerDefinition } from '../../src/spec/layer.ts'
import { type Random, seededRandom } from '../../src/spec/random.ts'
import { inferUse } from '../../src/spec/symbolic.ts'
import type { Dims } from '../../src/spec/tensor.ts'
import { type LayerCase, randomKinds, randomLayer } from '../support/randomLayers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const SINGLE = 2400
const CHAINS = 300
const SEED = Number(process.env['SEED'] ?? 7)

/** A comparison for the compiler: the layer as an expression, its input shape, and what is expected of the types. */
interface Comparison {
  readonly layer: string
  readonly input: string
  readonly expected: string
}

const typeOfDims = (dims: Dims): string => `[${dims.map((axis) => axis ?? 'number').join(', ')}]`
const typeOfInputs = (inputs: readonly Dims[]): string =>
  inputs.length === 1 ? typeOfDims(inputs[0] as Dims) : `[${inputs.map(typeOfDims).join(', ')}]`

const definitionOf = (kind: string): LayerDefinition => layers.find((one) => one.kind === kind) as LayerDefinition
const expression = ({ kind, config }: LayerCase): string => `${kind}(${JSON.stringify(config)})`

/** What `infer` says: the shapes of the outputs, or the sentence. */
function inferred({ kind, config }: LayerCase, inputs: readonly Dims[]): readonly Dims[] | string {
  const definition = definitionOf(kind)
  const said = inferUse(definition, definition.config.parse(config), inputs)
  return 'outputs' in said ? said.outputs : `${kind}: ${said[0]?.message}`
}

const typeOf = (said: readonly Dims[] | string): string => (typeof said === 'string' ? JSON.stringify(said) : typeOfInputs(said))

function single(kind: string, random: Random): Comparison {
  const one = randomLayer(kind, random)
  const layer = Object.keys(one.config).length === 0 ? `${kind}()` : expression(one)
  return { layer, input: typeOfInputs(one.inputs), expected: typeOf(inferred(one, one.inputs)) }
}

/** Two to six layers in a row, on an input for the first; ends at the first that does not fit. */
function chain(random: Random): Comparison {
  const kinds = randomKinds.filter((kind) => definitionOf(kind).arity !== 'many' && kind !== 'split')
  const links = Array.from({ length: 2 + random.integer(5) }, () =>
    randomLayer(kinds[random.integer(kinds.length)] as string, random))
  const start = links[0]?.inputs[0] as Dims
  let said: readonly Dims[] | string = [start]
  for (const link of links) said = typeof said === 'string' ? said : inferred(link, said)
  const list = links.map((link) => (Object.keys(link.config).length === 0 ? `${link.kind}()` : expression(link)))
  return { layer: `[${list.join(', ')}] as const`, input: typeOfDims(start), expected: typeOf(said) }
}

function sourceOf(singles: readonly Comparison[], chains: readonly Comparison[]): string {
  const line = (apply: string) => ({ layer, input, expected }: Comparison, index: number): string =>
    `{ const layer = ${layer}; type _${index} = Holds<Same<${apply}<typeof layer, ${input}>, ${expected}>> }`
  return [
    `import { ${randomKinds.join(', ')} } from '../../../layers/index.ts'`,
    "import type { Apply, Fold } from '../../../src/types/layer.ts'",
    'type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false',
    'type Same<Types, Infer> = Equal<Types, Infer> extends true ? true : { types: Types; infer: Infer }',
    'type Holds<T extends true> = T',
    ...singles.map(line('Apply')),
    ...chains.map(line('Fold')),
    '',
  ].join('\n')
}

/** Compiles a source and gives the compiler's complaints, each with the line it is about. */
function complaints(source: string): string[] {
  const out = new URL('out/', import.meta.url)
  mkdirSync(out, { recursive: true })
  writeFileSync(new URL('agree.ts', out), source)
  const compilerOptions = { noEmit: true, rootDir: '../../..', noErrorTruncation: true }
  const config = { extends: '../../../tsconfig.json', compilerOptions, include: [], exclude: [], files: ['agree.ts'] }
  writeFileSync(new URL('tsconfig.json', out), JSON.stringify(config))
  const args = ['node_modules/typescript/bin/tsc', '-p', 'test/types/out/tsconfig.json', '--pretty', 'false']
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  const lines = source.split('\n')
  const found = stdout.split('\n').filter((text) => text.includes('error TS')).map((text) => {
    const at = Number(/agree\.ts\((\d+),/.exec(text)?.[1] ?? 0)
    return `${text}\n    ${lines[at - 1] ?? ''}`
  })
  if (status !== 0 && found.length === 0) throw new Error(stdout)
  if (found.length === 0) rmSync(out, { recursive: true })
  return found
}

test(`types and infer agree on ${SINGLE} random layers and ${CHAINS} chains (seed ${SEED})`, () => {
  expect([...randomKinds].sort()).toEqual(layers.map(({ kind }) => kind).sort())
  const random = seededRandom(SEED)
  const singles = Array.from({ length: SINGLE }, (_, i) => single(randomKinds[i % randomKinds.length] as string, random))
  const chains = Array.from({ length: CHAINS }, () => chain(random))
  const refused = singles.filter(({ expected }) => expected.startsWith('"')).length
  expect(refused).toBeGreaterThan(SINGLE / 20)
  expect(refused).toBeLessThan(SINGLE / 2)
  expect(complaints(sourceOf(singles, chains)).slice(0, 20)).toEqual([])
}, 240_000)
