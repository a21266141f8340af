// defineGraph: a whole model as a function of a checked config.
import type { z } from 'zod'
import { parseConfig } from '../spec/config.ts'
import type { AnyGraph } from './graph.ts'

/** What describes a whole model. */
export interface GraphSpec<C, I, G extends AnyGraph> {
  /** The name on the command line; also its file's and its export's. */
  readonly name: string
  /** One sentence: what it is, with its source. */
  readonly summary: string
  /** The config as the user writes it; parsing fills in every default, so that {} is valid. */
  readonly config: z.ZodType<C, I>
  readonly build: (config: C) => G
}

/** The function that builds a model, with its description: `vgg16({ classes: 10 })`, `vgg16.summary`. */
export type DefinedGraph<C = unknown, I = unknown, G extends AnyGraph = AnyGraph> =
  ((config?: I) => G) & GraphSpec<C, I, G>

/**
 * A whole model from its description.
 *
 * @returns A function of the config that throws LayergraphError with every wrong key.
 */
export function defineGraph<C, I, G extends AnyGraph>(spec: GraphSpec<C, I, G>): DefinedGraph<C, I, G> {
  const make = (config?: I): G => spec.build(parseConfig(spec.config, config ?? {}, spec.name))
  const members = Object.entries(spec).map(([key, value]) => [key, { value, enumerable: true }] as const)
  return Object.freeze(Object.defineProperties(make, Object.fromEntries(members))) as DefinedGraph<C, I, G>
}

/** Whether this is a whole model made by `defineGraph`: a block is a plain function. */
export const isDefinedGraph = (value: unknown): value is DefinedGraph =>
  typeof value === 'function' && typeof (value as Partial<GraphSpec<unknown, unknown, AnyGraph>>).build === 'function'
