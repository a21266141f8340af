// What PyTorch computed, from test/fixtures; made by test/fixtures/generate.py.
//
// A file is test/fixtures/<kind>.safetensors. Its metadata `cases` lists the cases; the tensors of a case are
//   <case>/input/<i>  <case>/weight/<name>  <case>/output/<i>  <case>/cotangent/<i>  <case>/update/<name>
//   <case>/gradient/input/<i>  <case>/gradient/weight/<name>
// in our layouts, batch first.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { WeightArray, WeightArrays } from '../../src/runtime/weights.ts'
import { decodeSafetensors } from '../../src/store/safetensors.ts'

export interface FixtureCase {
  readonly name: string
  /** As a user writes it. */
  readonly config: Readonly<Record<string, unknown>>
  readonly training: boolean
  readonly inputs: readonly WeightArray[]
  readonly weights: WeightArrays
  readonly outputs: readonly WeightArray[]
  readonly cotangents: readonly WeightArray[]
  /** `null` where PyTorch's gradient was not asked for. */
  readonly inputGradients: readonly (WeightArray | null)[]
  readonly weightGradients: WeightArrays
  readonly updates: WeightArrays
}

interface Listed {
  readonly name: string
  readonly config: Readonly<Record<string, unknown>>
  readonly training: boolean
}

export const fixturePath = (kind: string): string => fileURLToPath(new URL(`../fixtures/${kind}.safetensors`, import.meta.url))

/** The cases of a kind, or `null` when there is no such file. */
export function readFixture(kind: string): readonly FixtureCase[] | null {
  const path = fixturePath(kind)
  if (!existsSync(path)) return null
  const { tensors, metadata } = decodeSafetensors(readFileSync(path), path)
  const under = (prefix: string): WeightArrays => Object.fromEntries(Object.entries(tensors)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, tensor]) => [name.slice(prefix.length), tensor as WeightArray]))
  const list = (prefix: string): WeightArray[] => {
    const found = under(prefix)
    return Object.keys(found).sort((a, b) => Number(a) - Number(b)).map((key) => found[key] as WeightArray)
  }
  return (JSON.parse(metadata['cases'] as string) as Listed[]).map(({ name, config, training }) => {
    const inputs = list(`${name}/input/`)
    const gradients = under(`${name}/gradient/input/`)
    return {
      name, config, training, inputs, weights: under(`${name}/weight/`), outputs: list(`${name}/output/`),
      cotangents: list(`${name}/cotangent/`), inputGradients: inputs.map((_x, index) => gradients[index] ?? null),
      weightGradients: under(`${name}/gradient/weight/`), updates: under(`${name}/update/`),
    }
  })
}
