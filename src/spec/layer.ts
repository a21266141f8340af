// What a layer is: one definition that every pass reads.
import type { z } from 'zod'
import type { Activation, Pair, Sides } from './config.ts'
import type { FieldRule } from './field.ts'
import type { Filling } from './formula.ts'
import type { Following, PlainWeights, Scale } from './fusion.ts'
import type { Ops, PoolOptions, Value } from './ops.ts'
import type { Dims } from './tensor.ts'
import type { Traits } from './traits.ts'
import type { WeightSpec } from './weight.ts'

export type Category =
  | 'convolution' | 'dense' | 'pooling' | 'normalization' | 'activation' | 'merge' | 'reshape' | 'regularization'

export interface Paper {
  readonly title: string
  readonly authors: string
  readonly year: number
  readonly url?: string
}

/** A config in use: what goes in, what comes out. Every pass reads this. */
export interface Site<C = unknown> {
  readonly config: C
  readonly inputs: readonly Dims[]
  readonly outputs: readonly Dims[]
}

/** Why a layer cannot accept its inputs. The message reads on from "kind: ". */
export interface Misfit {
  readonly code: string
  readonly message: string
  readonly hint?: string
}

/** The shapes a layer gives, or all the reasons why it cannot. */
export type Inference = { readonly outputs: readonly Dims[] } | { readonly misfits: readonly Misfit[] }

/** `infer`'s answer for a layer with one output. */
export const output = (dims: Dims): Inference => ({ outputs: [dims] })

/** `infer`'s answer when the inputs do not fit. */
export const misfit = (code: string, message: string, hint?: string): Inference => ({
  misfits: [hint === undefined ? { code, message } : { code, message, hint }],
})

/** Has this tensor a last axis? Says why not. */
export function scalarMisfit(input: Dims): Misfit | null {
  if (input.length > 0) return null
  return {
    code: 'shape/scalar', message: 'needs at least one dimension, but gets a scalar',
    hint: 'reshape its input to [1]',
  }
}

export interface ForwardContext {
  readonly training: boolean
  /** A number of this node's own, another one at every step. */
  readonly seed: number
  /** How to max-pool the output, in a layer that `pools`. */
  readonly pool?: PoolOptions
  /** What to apply to the output, in a layer that `activates`. */
  readonly activation?: Activation
  /** In how many groups to shuffle the channels of the output, in a layer that `shuffles`. */
  readonly shuffle?: number
}

/** What `forward` gives: the output, or the outputs with new values for weights that are not trained. */
export type Forward =
  | Value
  | { readonly outputs: readonly Value[]; readonly updates?: Readonly<Record<string, Value>> }

export interface Example<C = unknown> {
  readonly config: C
  readonly inputs: readonly Dims[]
}

/** How many tensors a layer takes: one, a list of two or more, or what its `infer` says. */
export type Arity = 'one' | 'many' | 'any'

/** Where a layer whose taps move reads its input. */
export interface Sampling {
  /** [batch, oh, ow, offsetGroups·kh·kw·2] in pixels (down, right). */
  readonly offsets: Value
  /** The factor of each tap [batch, oh, ow, offsetGroups·kh·kw]; `null` for 1. */
  readonly mask: Value | null
  readonly kernelSize: Pair
  readonly offsetGroups: number
  readonly strides: Pair
  readonly dilations: Pair
  readonly pads: Sides
}

/** The members of a layer's page. */
export interface LayerSpec<C, I = unknown> {
  /** The short op name; unique among the layers of a graph. */
  readonly kind: string
  readonly category: Category
  /** One sentence: what it does. */
  readonly summary: string
  /** The same in Chinese, for `explain --lang zh`. */
  readonly summaryZh?: string
  /** The rules for shape, parameters and MACs: "out = …; params = …; MACs = …". */
  readonly formula?: string
  /** What the letters of the formula stand for at a use whose sizes are known, for `explain`. Default: nothing. */
  letters?(site: Site<C>): Filling
  readonly paper?: Paper
  /** The config as the user writes it; parsing fills in every default. */
  readonly config: z.ZodType<C, I>
  /** Default 'one'. */
  readonly arity?: Arity
  /** Uses that serve the docs and the tests. */
  readonly examples: readonly Example<I>[]
  /** Output shapes, or why there are none. Unknown sizes flow through. */
  infer(use: { readonly config: C; readonly inputs: readonly Dims[] }): Inference
  /** What it stores. Default: nothing. */
  weights?(site: Site<C>): readonly WeightSpec[]
  /** Multiply-accumulates for one image; `null` when a size is not known. */
  macs(site: Site<C>): number | null
  /** What it does to the receptive field. */
  field(site: Site<C>): FieldRule
  /** What those who judge a graph should know of it. Default: nothing special. */
  traits?(site: Site<C>): Traits
  /** Runs it. Sizes in `site` are those of the actual inputs, without the batch. */
  forward(
    op: Ops, site: Site<C>, inputs: readonly Value[], weights: Readonly<Record<string, Value>>,
    context: ForwardContext,
  ): Forward
  /** Where it reads its input, where that depends on the input. Default: it does not. */
  sampling?(op: Ops, site: Site<C>, inputs: readonly Value[], weights: Readonly<Record<string, Value>>): Sampling
  /** What it amounts to right after another layer, which may then do it in the same go. Default: nothing of the kind. */
  follows?(site: Site<C>, mode: { readonly training: boolean }): Following | null
  /** The config with which it also applies this activation; `null` when it cannot. Default: it never can. */
  withActivation?(config: C, activation: Activation): C | null
  /** How to find weights that also scale the output's channels; `null` when none can. Default: none ever can. */
  scaled?(site: Site<C>): ((weights: PlainWeights, scale: Scale) => PlainWeights) | null
  /** Its forward also max-pools, by `context.pool`. Default false. */
  readonly pools?: boolean
  /** Its forward also applies one of these, `context.activation`. For layers whose config has no activation. Default: none. */
  readonly activates?: readonly Activation[]
  /** Its forward also shuffles channels, by `context.shuffle`. Default: it never does. */
  shuffles?(config: C): boolean
}

/** A layer's definition, with its config's type folded away. */
export type LayerDefinition = LayerSpec<unknown>
