// The schema of `summary --json`, published with the package.
import { z } from 'zod'

const known = z.number().nullable().describe('null is a number that is not known')
const shape = z.array(z.int().nullable()).describe('Sizes without the batch')
const perAxis = z.array(known)

const field = z.strictObject({
  size: z.union([perAxis, z.literal('all')]).describe('Pixels from the first to the last that a unit sees'),
  stride: perAxis.nullable(),
  padding: perAxis.nullable(),
  centre: perAxis.nullable().describe('The pixel at the centre of what the first unit sees'),
  least: perAxis.optional().describe('The size along the branches that see least, where branches differ'),
  elastic: z.literal(true).optional().describe('Taps move with the input'),
}).meta({ id: 'field' })

const node = z.strictObject({
  id: z.string(), kind: z.string(), from: z.array(z.string()), outputShape: shape, outputShapes: z.array(shape).optional(),
  weights: z.string().optional().describe('The node whose weights it uses'),
  params: known, trainableParams: known, macs: known.describe('Multiply-accumulates for one image, without bias'),
  memory: known.describe('Bytes of float32 that its outputs take for one image'),
  field: field.nullable(), fields: z.record(z.string(), field.nullable()).optional().describe('By input, where there are several'),
})

const scope = z.strictObject({
  id: z.string(), layers: z.int(), params: known, trainableParams: known, macs: known.describe('Of the nodes that are known'),
  uncounted: z.int().describe('How many nodes are missing in macs'), memory: known,
})

const memory = z.strictObject({ weights: known, weightsFloat16: known, activations: known, peak: known, trainingPeak: known })
  .describe('Bytes, for one image')

const totals = z.strictObject({
  params: known, trainableParams: known, macs: known, flops: known.describe('Two for each of the MACs'),
  uncounted: z.array(z.string()).describe('Ids of the nodes that are missing in macs'), memory,
})

const finding = z.strictObject({
  code: z.string(), severity: z.enum(['error', 'warning', 'info']), at: z.string(), kind: z.string().optional(), message: z.string(),
  seen: z.array(z.strictObject({ shape, from: z.string() })).optional(), hint: z.string().optional(),
})

export const summarySchema = z.strictObject({
  name: z.string(), inputs: z.array(z.strictObject({ id: z.string(), shape })), nodes: z.array(node),
  scopes: z.array(scope).describe('Sums of the nodes whose ids begin with it'), totals, findings: z.array(finding),
}).meta({ title: 'layergraph summary' })

/** As JSON Schema. */
export const summaryJsonSchema = (): unknown => z.toJSONSchema(summarySchema)
