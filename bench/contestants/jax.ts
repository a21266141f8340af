// jax-js, jitted, on its WebAssembly backend.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { need, type Prepare, serve, type Step } from '../serve.ts'
import { classIds, normal } from '../values.ts'

/** An array of jax-js, as far as it is used here. Every use consumes it; `ref` keeps it for one more. */
interface Array {
  readonly ref: Array
  add(other: Array | number): Array
  sub(other: Array | number): Array
  mul(other: Array | number): Array
  div(other: Array | number): Array
  reshape(shape: readonly number[]): Array
  sum(axis?: number): Array
  data(): Promise<Float32Array>
  dispose(): void
}
type Weights = Readonly<Record<string, Array>>

/** What is used of it: the package need not be installed to check types. */
interface Jax {
  init(device: string): Promise<readonly string[]>
  defaultDevice(device: string): void
  blockUntilReady(value: unknown): Promise<unknown>
  jit<F>(f: F): F
  valueAndGrad(f: (weights: Weights, x: Array, y: Array) => Array): (weights: Weights, x: Array, y: Array) => [Array, Weights]
  readonly lax: {
    conv(x: Array, kernel: Array, strides: readonly number[], padding: string): Array
    reduceWindow(x: Array, reduce: (x: Array) => Array, size: readonly number[], strides: readonly number[]): Array
  }
  readonly nn: { relu(x: Array): Array; logSoftmax(x: Array, axis: number): Array; oneHot(ids: Array, classes: number): Array }
  readonly numpy: {
    array(values: Float32Array | Int32Array): Array
    zeros(shape: readonly number[]): Array
    max(x: Array): Array
    dot(a: Array, b: Array): Array
    sqrt(x: Array): Array
  }
}

const BATCH = 128
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  conv1: [32, 1, 3, 3], bias1: [32, 1, 1], conv2: [64, 32, 3, 3], bias2: [64, 1, 1],
  dense1: [1600, 128], bias3: [128], dense2: [128, 10], bias4: [10],
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)
const record = <T>(make: (name: string) => T): Record<string, T> => Object.fromEntries(Object.keys(SHAPES).map((name) => [name, make(name)]))

/** The mean cross-entropy of the LeNet class. */
const lossOf = ({ lax, nn, numpy }: Jax) => (w: Weights, x: Array, y: Array): Array => {
  const pool = (value: Array): Array => lax.reduceWindow(value, numpy.max, [2, 2], [2, 2])
  const conv = (value: Array, kernel: string, bias: string): Array =>
    pool(nn.relu(lax.conv(value, w[kernel]!, [1, 1], 'VALID').add(w[bias]!)))
  const features = conv(conv(x, 'conv1', 'bias1'), 'conv2', 'bias2').reshape([BATCH, 1600])
  const hidden = nn.relu(numpy.dot(features, w['dense1']!).add(w['bias3']!))
  const logits = numpy.dot(hidden, w['dense2']!).add(w['bias4']!)
  return nn.logSoftmax(logits, -1).mul(y).sum().mul(-1 / BATCH)
}

/** Loss, weights, m and v after one update by Adam. */
const updateOf = (jax: Jax) => {
  const gradient = jax.valueAndGrad(lossOf(jax))
  return jax.jit((w: Weights, m: Weights, v: Weights, x: Array, y: Array): [Array, Weights, Weights, Weights] => {
    const [loss, g] = gradient(record((name) => w[name]!.ref), x, y)
    const nextM = record((name) => m[name]!.mul(0.9).add(g[name]!.ref.mul(0.1)))
    const nextV = record((name) => v[name]!.mul(0.999).add(g[name]!.ref.mul(g[name]!).mul(0.001)))
    const next = record((name) =>
      w[name]!.sub(nextM[name]!.ref.div(jax.numpy.sqrt(nextV[name]!.ref).add(1e-8)).mul(1e-3)))
    return [loss, next, nextM, nextV]
  })
}

async function training(): Promise<Step> {
  const jax = await need<Jax>('@jax-js/jax', 'npm install --no-save @jax-js/jax')
  await jax.init('wasm')
  jax.defaultDevice('wasm')
  const update = updateOf(jax)
  const { numpy, nn } = jax
  const x = numpy.array(normal(BATCH * 784)).reshape([BATCH, 1, 28, 28])
  const y = nn.oneHot(numpy.array(classIds(BATCH, 10)), 10)
  let w: Weights = record((name) => numpy.array(normal(sizeOf(SHAPES[name]!)).map((value) => value * 0.05)).reshape(SHAPES[name]!))
  let m: Weights = record((name) => numpy.zeros(SHAPES[name]!))
  let v: Weights = record((name) => numpy.zeros(SHAPES[name]!))
  return async () => {
    const [loss, ...next] = update(w, m, v, x.ref, y.ref)
    w = next[0]
    m = next[1]
    v = next[2]
    await jax.blockUntilReady([w, m, v])
    return (await loss.data())[0]
  }
}

const works: Readonly<Record<string, Prepare>> = { 'lenet-train': training }

/** The version of the package, which does not say it itself. */
function version(): string {
  const file = new URL('../package.json', import.meta.resolve('@jax-js/jax'))
  return (JSON.parse(readFileSync(fileURLToPath(file), 'utf8')) as { readonly version: string }).version
}

await serve(works, () => `jax-js ${version()}`)
