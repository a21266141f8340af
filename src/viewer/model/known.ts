// Layers of the user's own in the page: what their definitions say of their uses in one model, as data. The functions
// stay with the model's file, so other settings and sizes are not known here.
import { z } from 'zod'
import type { GraphData, GraphNode } from '../../graph/graph.ts'
import { enlargingInitializer, parseConfig } from '../../spec/config.ts'
import type { FieldRule } from '../../spec/field.ts'
import type { Category, LayerDefinition, LayerSpec, Site } from '../../spec/layer.ts'
import { type Dims, showDims } from '../../spec/tensor.ts'
import type { WeightSpec } from '../../spec/weight.ts'

const CATEGORIES = [
  'convolution', 'dense', 'pooling', 'normalization', 'activation', 'merge', 'reshape', 'regularization',
] as const satisfies readonly Category[]

interface KnownUse extends Site {
  readonly weights: readonly WeightSpec[]
  readonly macs: number | null
  readonly field: FieldRule
}

export interface KnownLayer extends Pick<LayerDefinition, 'kind' | 'category' | 'summary' | 'formula' | 'paper' | 'arity'> {
  readonly uses: readonly KnownUse[]
}

const useOf = ({ definition, site }: GraphNode): KnownUse => ({
  config: site.config, inputs: site.inputs, outputs: site.outputs,
  weights: definition.weights?.(site) ?? [], macs: definition.macs(site), field: definition.field(site),
})

/** The layers of a graph that are not standard ones. */
export function knownLayers(graph: GraphData, standard: readonly LayerDefinition[]): readonly KnownLayer[] {
  const own = graph.nodes.filter(({ definition }) => !standard.includes(definition))
  return [...new Set(own.map(({ definition }) => definition))].map((definition) => {
    const { kind, category, summary, formula, paper, arity } = definition
    return {
      kind, category, summary,
      ...(formula === undefined ? {} : { formula }), ...(paper === undefined ? {} : { paper }), ...(arity === undefined ? {} : { arity }),
      uses: own.filter((node) => node.definition === definition).map(useOf),
    }
  })
}

const dims = z.array(z.int().nullable())
const numbers = z.array(z.number())
const sliding = { size: numbers, strides: numbers, dilations: numbers, pads: z.array(z.tuple([z.number(), z.number()])).nullable() }
const window = z.object({ rule: z.literal('window'), ...sliding })
const oneRule = z.discriminatedUnion('rule', [
  window,
  z.object({ rule: z.literal('transposed'), ...sliding }),
  z.object({ rule: z.literal('resize'), from: dims, to: dims, method: z.enum(['nearest', 'linear']), align: z.enum(['halfPixel', 'corners', 'origin']) }),
  z.object({ rule: z.literal('bins'), from: dims, to: numbers }),
  z.object({ rule: z.literal('deformable'), window }),
  z.object({ rule: z.literal('permute'), axes: numbers }),
  z.object({ rule: z.enum(['pointwise', 'reshape', 'global', 'opaque']) }),
])

const knownSchema = z.array(z.object({
  kind: z.string(), category: z.enum(CATEGORIES), summary: z.string(), formula: z.string().optional(),
  // An address of a link's making must not run anything.
  paper: z.object({ title: z.string(), authors: z.string(), year: z.number(), url: z.url({ protocol: /^https?$/ }).optional() }).optional(),
  arity: z.enum(['one', 'many', 'any']).optional(),
  uses: z.array(z.object({
    config: z.record(z.string(), z.json()), inputs: z.array(dims), outputs: z.array(dims), macs: z.number().nullable(),
    weights: z.array(z.object({
      name: z.string(), shape: dims, initializer: enlargingInitializer, trainable: z.boolean(),
      fans: z.object({ in: z.number(), out: z.number() }).optional(),
    })),
    field: z.union([oneRule, z.object({ rule: z.literal('each'), rules: z.array(oneRule) })]),
  })),
}))

/** What is known of layers, as it stands in a link. @throws LayergraphError for anything else. */
export const readKnown = (json: unknown): readonly KnownLayer[] =>
  parseConfig<readonly KnownLayer[]>(knownSchema as unknown as z.ZodType<readonly KnownLayer[]>, json, 'layers')

const keyOf = (config: unknown, inputs: readonly Dims[]): string => JSON.stringify([config, inputs])

/** A definition that answers for the uses that are known, and refuses all others in words. */
export function definitionOf({ uses, kind, ...said }: KnownLayer): LayerDefinition {
  const byKey = new Map(uses.map((use) => [keyOf(use.config, use.inputs), use]))
  const find = ({ config, inputs }: Pick<Site, 'config' | 'inputs'>): KnownUse | undefined => byKey.get(keyOf(config, inputs))
  const spec: LayerSpec<Readonly<Record<string, unknown>>> = {
    ...said, kind,
    config: z.record(z.string(), z.json()),
    examples: uses.map(({ config, inputs }) => ({ config: config as Readonly<Record<string, unknown>>, inputs })),
    infer: (use) => {
      const known = find(use)
      if (known !== undefined) return { outputs: known.outputs }
      return { misfits: [{
        code: 'view/not-known', message: `its file alone knows what becomes of ${use.inputs.map(showDims).join(', ')} with these settings`,
        hint: 'change it in the file of the model, and view that again',
      }] }
    },
    weights: (site) => find(site)?.weights ?? [],
    macs: (site) => find(site)?.macs ?? null,
    field: (site) => find(site)?.field ?? { rule: 'opaque' },
    forward: () => { throw new Error(`${kind} runs where its file is, not in the page`) },
  }
  return spec as unknown as LayerDefinition
}
