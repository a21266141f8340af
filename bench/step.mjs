// Where the time of a training step goes: the step of a LeNet-class network, kernel by kernel.
//   node bench/step.mjs [batch] [steps]
import * as tf from '@tensorflow/tfjs-core'
import { conv2d, dense, flatten, graph, input, maxPool2d, pipe } from '../dist/src/index.js'
import { adam, createModel } from '../dist/src/runtime/index.js'

const batch = Number(process.argv[2] ?? 128)
const steps = Number(process.argv[3] ?? 60)
const WARM_UP = 15

const image = input([28, 28, 1])
const logits = pipe(image,
  conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }), maxPool2d({ poolSize: 2 }),
  conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }), maxPool2d({ poolSize: 2 }),
  flatten(), dense({ units: 128, activation: 'relu' }), dense({ units: 10 }))
const model = await createModel(graph({ name: 'lenet class', inputs: [image], outputs: { logits } }))

/** Milliseconds of processor time so far, which other programs on the machine do not add to. */
function clock() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** The milliseconds that each kernel took in the step that is under way. */
const spent = new Map()

/** Puts a clock around every kernel. Kernels call no kernels through the registry. */
function watchKernels() {
  for (const config of tf.getKernelsForBackend('wasm')) {
    tf.unregisterKernel(config.kernelName, 'wasm')
    const kernelFunc = (call) => {
      const start = clock()
      const result = config.kernelFunc(call)
      const { x, a, dy } = call.inputs
      const name = `${config.kernelName} [${(x ?? a ?? dy ?? Object.values(call.inputs)[0])?.shape ?? ''}]`
      spent.set(name, (spent.get(name) ?? 0) + clock() - start)
      return result
    }
    tf.registerKernel({ ...config, kernelFunc })
  }
}

const pixels = Float32Array.from({ length: batch * 784 }, (_, i) => Math.sin(i * i))
const labels = Int32Array.from({ length: batch }, (_, i) => i % 10)
const examples = { inputs: { data: pixels, shape: [batch, 28, 28, 1] }, labels: { data: labels, shape: [batch] } }

watchKernels()
const rows = []
let start = 0
for await (const _step of model.train(() => Array(WARM_UP + steps).fill(examples), { optimizer: adam(0) })) {
  const now = clock()
  if (start > 0) rows.push({ total: now - start, kernels: new Map(spent) })
  spent.clear()
  start = clock()
}

// The least of many: what else runs on the machine slows down the caches.
const measured = rows.slice(WARM_UP)
const least = (values) => Math.min(...values)
const total = least(measured.map(({ total }) => total))
const names = [...new Set(measured.flatMap(({ kernels }) => [...kernels.keys()]))]
const leasts = names.map((name) => [name, least(measured.map(({ kernels }) => kernels.get(name) ?? 0))])
const rest = total - leasts.reduce((sum, [, ms]) => sum + ms, 0)
console.log(`batch ${batch}: ${total.toFixed(2)} ms per step, the least of ${measured.length}`)
for (const [name, ms] of [...leasts, ['outside the kernels', rest]].sort((a, b) => b[1] - a[1])) {
  if (ms > total / 1000) console.log(`${ms.toFixed(2).padStart(8)}  ${name}`)
}
