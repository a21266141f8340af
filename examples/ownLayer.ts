// A layer of one's own: a gated linear unit (Dauphin et al. 2017, https://arxiv.org/abs/1612.08083), which learns to
// tell two spirals apart. It says what a layer of the library says, so that it is analysed, trained and saved like one.
import { analyze, defineLayer, dense, graph, input, pipe } from 'layergraph'
import { adam, createModel, loadModel } from 'layergraph/runtime'
import { z } from 'zod'

const gatedDense = defineLayer({
  kind: 'gatedDense',
  category: 'dense',
  summary: 'A dense layer whose outputs are multiplied by a second one that goes from 0 to 1.',
  formula: 'out = (x·W + b) · σ(x·V + c); params = 2·(in·units + units); MACs = 2·in·units',
  config: z.strictObject({ units: z.int().positive() }),
  examples: [{ config: { units: 4 }, inputs: [[3]] }],
  infer: ({ config: { units }, inputs: [x] }) => x?.length === 1
    ? { outputs: [[units]] }
    : { misfits: [{ code: 'shape/not-flat', message: 'takes a list of numbers', hint: 'put flatten() before it' }] },
  weights: ({ config: { units }, inputs: [x] }) => ['value', 'gate'].flatMap((name) => [
    { name: `${name}Kernel`, shape: [x![0]!, units], initializer: 'glorotUniform', trainable: true } as const,
    { name: `${name}Bias`, shape: [units], initializer: 'zeros', trainable: true } as const,
  ]),
  macs: ({ config: { units }, inputs: [x] }) => 2 * x![0]! * units,
  field: () => ({ rule: 'global' }),
  forward: (op, _site, [x], { valueKernel, valueBias, gateKernel, gateBias }) => op.multiply(
    op.dense(x!, valueKernel!, valueBias!, 'linear'),
    op.dense(x!, gateKernel!, gateBias!, 'sigmoid'),
  ),
})

/** Points on two spirals around each other. */
function spirals(count: number) {
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 2)
  const data = Float32Array.from({ length: 2 * count }, (_, index) => {
    const [point, axis] = [index >> 1, index % 2]
    const turn = 0.5 + 7 * point / count
    const angle = turn + Math.PI * labels[point]!
    return (axis === 0 ? Math.cos(angle) : Math.sin(angle)) * turn / 4
  })
  return { inputs: { data, shape: [count, 2] }, labels: { data: labels, shape: [count] } }
}

const point = input([2])
const logits = pipe(point, gatedDense({ units: 32 }), gatedDense({ units: 32 }), dense({ units: 2 }))
const net = graph({ name: 'spirals', inputs: { point }, outputs: { logits } })
console.log(`${analyze(net).totals.params} parameters`)

const model = await createModel(net, { seed: 1 })
await model.fit(spirals(400), { epochs: 60, batchSize: 40, optimizer: adam(0.01) })
console.log(`${(100 * (await model.evaluate(spirals(400))).accuracy!).toFixed(1)} % on the right spiral`)

await model.save('runs/spirals')
const again = await loadModel('runs/spirals', { layers: [gatedDense] })
console.log(`loaded: ${(100 * (await again.evaluate(spirals(400))).accuracy!).toFixed(1)} %`)
