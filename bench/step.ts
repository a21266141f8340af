// Where the time of a training step goes, kernel by kernel, without the rest of the bench.
//   node --import tsx bench/step.ts [lenet-train|separable-train|resnet18-train|mobilenet-train] [steps]
// With --shapes, one line for each shape of input and filter; with --plain, without relaxed SIMD.
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-wasm'
import { installKernels } from 'layergraph/kernels'
import { allowRelaxedSimd, createModel, sgd } from 'layergraph/runtime'
import { CLASSES, type Training, trainings } from './contestants/networks.ts'
import { classIds, normal } from './values.ts'

const shapes = process.argv.includes('--shapes')
const [name = 'lenet-train', count = '40'] = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const work = (trainings as Readonly<Record<string, Training>>)[name]
const steps = Number(count)
if (work === undefined || !(steps > 0)) {
  console.error(`bench/step.ts: give one of ${Object.keys(trainings).join(', ')}, and how many steps`)
  process.exit(2)
}
const WARM_UP = 15

/** Milliseconds of processor time so far, which other programs on the machine do not add to. */
function clock(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** The milliseconds that each kernel took in the step that is under way, and how often it ran. */
const spent = new Map<string, { ms: number; times: number }>()

const shapeOf = (tensor: { readonly shape: readonly number[] } | null | undefined): string => (tensor ? `[${tensor.shape}]` : '')

/** Puts a clock around every kernel. Kernels call no kernels through the registry. */
function watchKernels(): void {
  for (const config of tf.getKernelsForBackend('wasm')) {
    tf.unregisterKernel(config.kernelName, 'wasm')
    const kernelFunc: tf.KernelFunc = (call) => {
      const start = clock()
      const result = config.kernelFunc(call)
      const { x, a, dy, filter } = call.inputs as tf.NamedTensorInfoMap
      const first = x ?? a ?? dy ?? Object.values(call.inputs)[0] as tf.TensorInfo | undefined
      const key = shapes ? `${config.kernelName} ${shapeOf(first)} ${shapeOf(filter)}` : config.kernelName
      const { ms, times } = spent.get(key) ?? { ms: 0, times: 0 }
      spent.set(key, { ms: ms + clock() - start, times: times + 1 })
      return result
    }
    tf.registerKernel({ ...config, kernelFunc })
  }
}

allowRelaxedSimd()
installKernels({ relaxedSimd: !process.argv.includes('--plain') })
const { net, shape, batchSize } = work
const model = await createModel(net())
const data = normal(batchSize * shape.reduce((product, size) => product * size))
const examples = { inputs: { data, shape: [batchSize, ...shape] }, labels: { data: classIds(batchSize, CLASSES), shape: [batchSize] } }

watchKernels()
const rows: { readonly total: number; readonly kernels: ReadonlyMap<string, { ms: number; times: number }> }[] = []
let start = 0
for await (const _step of model.train(() => Array(WARM_UP + steps).fill(examples), { optimizer: sgd(1e-6, { momentum: 0.9 }) })) {
  const now = clock()
  if (start > 0) rows.push({ total: now - start, kernels: new Map(spent) })
  spent.clear()
  start = clock()
}

// The least of many: what else runs on the machine slows down the caches.
const measured = rows.slice(WARM_UP)
const least = (values: readonly number[]): number => Math.min(...values)
const total = least(measured.map((row) => row.total))
const leasts = [...(measured[0]?.kernels ?? [])].map(([key, { times }]) =>
  [`${key} ×${times}`, least(measured.map(({ kernels }) => kernels.get(key)?.ms ?? 0))] as const)
const rest = total - leasts.reduce((sum, [, ms]) => sum + ms, 0)
const lines = [...leasts, ['outside the kernels', rest] as const].sort((one, other) => other[1] - one[1])
  .filter(([, ms]) => ms > total / 500).map(([key, ms]) => `${ms.toFixed(2).padStart(8)}  ${key}`)
console.log([`${name}: ${total.toFixed(2)} ms per step, the least of ${measured.length}`, ...lines].join('\n'))
