// What layers that work number by number have in common, whatever their config.
import { type FieldRule, pointwise } from './field.ts'
import type { Filling } from './formula.ts'
import { type Inference, output, scalarMisfit, type Site } from './layer.ts'
import type { Dims } from './tensor.ts'

interface Use {
  readonly inputs: readonly Dims[]
}

/** `infer`, `macs` and `field` of a layer that makes each number from the number in its place. */
export const elementwise = {
  infer: ({ inputs: [input] }: Use): Inference => output(input as Dims),
  macs: (): number => 0,
  field: (): FieldRule => pointwise,
}

/** The letters of a layer that scales and shifts channels where it is asked to. */
export const normLetters = (
  { config: { scale, center }, inputs: [input] }: Site<{ readonly scale: boolean; readonly center: boolean }>,
): Filling => ({ letters: { scale: Number(scale), center: Number(center), C: input?.at(-1) as number } })

/** The same for a layer that asks for a last axis. */
export const channelwise = {
  ...elementwise,
  infer({ inputs: [input] }: Use): Inference {
    const wrong = scalarMisfit(input as Dims)
    return wrong === null ? output(input as Dims) : { misfits: [wrong] }
  },
}
