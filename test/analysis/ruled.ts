// A layer that does to the field what its config says, for tests of the analysis alone. It cannot run.
import { z } from 'zod'
import { defineLayer, type FieldRule, type Op } from '../../src/index.ts'
import type { Dims } from '../../src/spec/tensor.ts'

const layer = defineLayer({
  kind: 'ruled', category: 'reshape', summary: 'Follows a rule.', examples: [],
  config: z.strictObject({ rule: z.custom<FieldRule>(), shape: z.custom<Dims>() }),
  infer: ({ config }) => ({ outputs: [config.shape] }),
  macs: () => 0,
  field: ({ config }) => config.rule,
  forward: () => { throw new Error('has no values') },
})

/** Follows this rule, and gives this shape. */
export const ruled = (rule: FieldRule, shape: Dims): Op => layer({ rule, shape }) as unknown as Op
