// A form for a layer's settings, read off the zod schema of its config: what may stand at each key.
import { z } from 'zod'
import { configIssues } from '../../spec/config.ts'
import type { LayerDefinition } from '../../spec/layer.ts'

export type Field =
  | { readonly type: 'boolean' }
  | { readonly type: 'choice'; readonly options: readonly string[] }
  | { readonly type: 'number'; readonly whole: boolean; readonly least?: number; readonly most?: number }
  /** So many values, one for each place. */
  | { readonly type: 'tuple'; readonly items: readonly Field[] }
  /** Any number of numbers. */
  | { readonly type: 'list'; readonly item: Field; readonly least: number }
  | { readonly type: 'record'; readonly keys: readonly Entry[] }
  /** One of several forms. */
  | { readonly type: 'either'; readonly branches: readonly Field[] }
  /** Nothing that a form knows: edited as JSON. */
  | { readonly type: 'json' }

export interface Entry {
  readonly key: string
  readonly field: Field
}

/** The part of JSON Schema that configs come to. */
interface Schema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly prefixItems?: readonly Schema[]
  readonly items?: Schema | boolean
  readonly minItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: number
}

function numberField({ type, minimum, exclusiveMinimum, maximum }: Schema): Field {
  const whole = type === 'integer'
  const least = minimum ?? (whole && exclusiveMinimum !== undefined ? exclusiveMinimum + 1 : exclusiveMinimum)
  return {
    type: 'number', whole,
    ...(least === undefined || least <= Number.MIN_SAFE_INTEGER ? {} : { least }),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? {} : { most: maximum }),
  }
}

function fieldOf(schema: Schema): Field {
  if (schema.anyOf !== undefined) return { type: 'either', branches: schema.anyOf.map(fieldOf) }
  if (schema.enum !== undefined) return { type: 'choice', options: schema.enum }
  if (schema.prefixItems !== undefined) return { type: 'tuple', items: schema.prefixItems.map(fieldOf) }
  if (schema.type === 'integer' || schema.type === 'number') return numberField(schema)
  if (schema.type === 'boolean') return { type: 'boolean' }
  if (schema.type === 'array' && typeof schema.items === 'object') return { type: 'list', item: fieldOf(schema.items), least: schema.minItems ?? 0 }
  if (schema.type === 'object') return { type: 'record', keys: entriesOf(schema) }
  return { type: 'json' }
}

const entriesOf = ({ properties = {} }: Schema): readonly Entry[] => Object.entries(properties).map(([key, schema]) => ({ key, field: fieldOf(schema) }))

/** Could this value stand there, going by its form alone? */
export function accepts(field: Field, value: unknown): boolean {
  switch (field.type) {
    case 'boolean': return typeof value === 'boolean'
    case 'choice': return typeof value === 'string' && field.options.includes(value)
    case 'number': return typeof value === 'number'
    case 'tuple': return Array.isArray(value) && value.length === field.items.length && field.items.every((item, index) => accepts(item, value[index]))
    case 'list': return Array.isArray(value) && value.every((one) => accepts(field.item, one))
    case 'record': return typeof value === 'object' && value !== null && !Array.isArray(value) && field.keys.every(({ key, field: own }) => accepts(own, (value as Readonly<Record<string, unknown>>)[key]))
    case 'either': return field.branches.some((branch) => accepts(branch, value))
    case 'json': return true
  }
}

/** A value to begin with. */
export function initial(field: Field): unknown {
  switch (field.type) {
    case 'boolean': return false
    case 'choice': return field.options[0]
    case 'number': return field.least ?? 0
    case 'tuple': return field.items.map(initial)
    case 'list': return Array.from({ length: Math.max(field.least, 1) }, () => initial(field.item))
    case 'record': return Object.fromEntries(field.keys.map(({ key, field: own }) => [key, initial(own)]))
    case 'either': return initial(field.branches[0] as Field)
    case 'json': return null
  }
}

type Config = Readonly<Record<string, unknown>>

/** Is a value of this branch stored in another form? Then it is a short way to write that one. */
function isShort({ config: schema }: LayerDefinition, config: Config, key: string, branch: Field): boolean {
  const parsed = schema.safeParse({ ...config, [key]: initial(branch) })
  return parsed.success && !accepts(branch, (parsed.data as Config)[key])
}

/** Either, without the short ways to write what is stored; a choice of one is none. */
function stored(definition: LayerDefinition, config: Config, { key, field }: Entry): Entry {
  if (field.type !== 'either') return { key, field }
  const branches = field.branches.filter((branch) => !isShort(definition, config, key, branch))
  return { key, field: branches.length === 1 ? branches[0] as Field : { ...field, branches } }
}

/** The keys of a layer's config, each with what may stand there. */
export function formOf(definition: LayerDefinition, config: Config): readonly Entry[] {
  const schema = z.toJSONSchema(definition.config, { io: 'input', unrepresentable: 'any' }) as Schema
  return entriesOf(schema).map((entry) => stored(definition, config, entry))
}

export type Checked = { readonly config: Config } | { readonly faults: Readonly<Record<string, string>> }

/** The config as it is stored, or what the schema has against it by key; '' is for the whole. */
export function check(definition: LayerDefinition, config: Config): Checked {
  const parsed = definition.config.safeParse(config, { reportInput: true })
  if (parsed.success) return { config: parsed.data as Config }
  const messages = configIssues(parsed.error, definition.kind)
  const faults: Record<string, string> = {}
  for (const [index, { path }] of parsed.error.issues.entries()) {
    const key = String(path[0] ?? '')
    const said = (messages[index] as { message: string }).message
    faults[key] = faults[key] === undefined ? said : `${faults[key]}; ${said}`
  }
  return { faults }
}
