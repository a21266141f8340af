// The packed package in a project of its own, in plain Node and for the compiler: what a user gets from `npm install`.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeProject, manifest, root } from './project.ts'
import type { Project } from './project.ts'

let project: Project
beforeAll(() => {
  project = makeProject()
  project.link('@tensorflow/tfjs', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-backend-cpu', '@types/node')
})
afterAll(() => project.remove())

/** Runs a program that must succeed, and answers with the JSON it has printed last. */
function output(source: string): unknown {
  const { code, stdout, stderr } = project.node(source)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout.trim().split('\n').at(-1)!)
}

/** The entry points that are code. */
const entries = Object.keys(manifest.exports)
  .filter(key => !key.endsWith('.json'))
  .map(key => key.replace(/^\./, 'layergraph'))

describe('the package', () => {
  test('publint has nothing to say', async () => {
    const { messages } = await publint({ pkgDir: root, pack: false, strict: true })
    // It would rather have the swaps under `imports`, which cannot hold for the sources and for what is built of them.
    expect(messages.filter(({ code }) => code !== 'USE_EXPORTS_OR_IMPORTS_BROWSER')).toEqual([])
  })

  test('holds what is needed to run, and no sources, tests or stamps', () => {
    expect(project.files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json', 'dist/src/index.js',
      'dist/src/index.d.ts', 'dist/src/cli/main.js', 'dist/schema/graph.json', 'dist/viewer/index.html', 'dist/viewer/viewer.js']))
    const known = /^(dist\/(src|layers|graphs|schema|viewer)\/|dist\/zod\.js$|docs\/layers\/|README|LICENSE|package\.json)/
    expect(project.files.filter(path => !known.test(path))).toEqual([])
  })

  test('can be imported in plain Node, every entry point', () => {
    const counts = output(`
      const counts = []
      for (const entry of ${JSON.stringify(entries)}) counts.push(Object.keys(await import(entry)).length)
      console.log(JSON.stringify(counts))`) as number[]
    expect(counts).toHaveLength(entries.length)
    expect(Math.min(...counts)).toBeGreaterThan(0)
  })

  test('its command answers', () => {
    const command = join(project.folder, 'node_modules/layergraph/dist/src/cli/main.js')
    const { status, stdout } = spawnSync(process.execPath, [command, 'summary', 'lenet5'], { encoding: 'utf8' })
    expect(status).toBe(0)
    expect(stdout).toContain('61,706')
  })
})

/** The loaded modules of TensorFlow.js, which are CommonJS and so in the cache of require. */
const LOADED = `
  const { createRequire } = await import('node:module')
  const loaded = Object.keys(createRequire(import.meta.url).cache).filter(file => file.includes('@tensorflow'))
  console.log(JSON.stringify(loaded.length))`

describe('TensorFlow.js', () => {
  test('is not loaded by layergraph and layergraph/graphs', () => {
    expect(output(`await import('layergraph')\nawait import('layergraph/graphs')\n${LOADED}`)).toBe(0)
  })

  test('is loaded once by the program, layergraph/runtime and layergraph/kernels', () => {
    const names = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', 'layergraph/runtime', 'layergraph/kernels']
    const program = names.map(name => `await import('${name}')`).join('\n')
    // One file of tfjs-core and one of the backend.
    expect(output(program + LOADED)).toBe(2)
  })

  test('runs a model of the packed package', () => {
    const shape = output(`
      import { conv2d, dense, flatten, graph, input, pipe } from 'layergraph'
      import { createModel } from 'layergraph/runtime'
      const image = input([8, 8, 1])
      const logits = pipe(image, conv2d({ filters: 4, kernelSize: 3 }), flatten(), dense({ units: 3 }))
      const model = await createModel(graph({ name: 'tiny', inputs: { image }, outputs: { logits } }), { seed: 1 })
      const y = model.predict({ shape: [2, 8, 8, 1], data: new Float32Array(128).fill(0.5) })
      console.log(JSON.stringify(y.shape))`)
    expect(shape).toEqual([2, 3])
  })
})

/** A tfjs-layers network, trained by `fit` on the wasm backend. */
const training = (imports: string, options: string) => `
  ${imports}
  import '@tensorflow/tfjs-backend-wasm'
  import { installKernels } from 'layergraph/kernels'
  installKernels(${options})
  await tf.setBackend('wasm')
  const network = tfl.sequential({ layers: [
    tfl.layers.conv2d({ inputShape: [8, 8, 2], filters: 4, kernelSize: 3, activation: 'relu' }),
    tfl.layers.maxPooling2d({ poolSize: 2 }),
    tfl.layers.separableConv2d({ filters: 6, kernelSize: 2 }),
    tfl.layers.batchNormalization(),
    tfl.layers.flatten(),
    tfl.layers.dense({ units: 3, activation: 'softmax' }),
  ] })
  network.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy' })
  const x = tf.randomNormal([12, 8, 8, 2], 0, 1, 'float32', 1)
  const y = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], 'int32'), 3)
  const { history } = await network.fit(x, y, { epochs: 8, verbose: 0 })
  console.log(JSON.stringify(history.loss))`

describe('a tfjs-layers program in plain Node', () => {
  const union = `import * as tf from '@tensorflow/tfjs'\nconst tfl = tf`
  const parts = `import * as tf from '@tensorflow/tfjs-core'\nimport * as tfl from '@tensorflow/tfjs-layers'`

  test.each([
    ['@tensorflow/tfjs', union],
    ['tfjs-core and tfjs-layers', parts],
  ])('with %s learns on wasm', (_, imports) => {
    for (const options of ['', '{ replace: true }']) {
      const losses = output(training(imports, options)) as number[]
      expect(losses).toHaveLength(8)
      expect(losses.at(-1)).toBeLessThan(losses[0]!)
    }
  })

  test('without the kernels ends with the error of TensorFlow.js', () => {
    const { code, stderr } = project.node(training(union, '').replace('installKernels()', ''))
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/Kernel '\w+BackpropFilter' not registered for backend 'wasm'/)
  })
})

const CONSUMER = `
import * as tf from '@tensorflow/tfjs-core'
import { analyze, conv2d, flatten, graph, input, pipe, type Tensor } from 'layergraph'
import { lenet5 } from 'layergraph/graphs'
import { deformConv2d, installKernels, type Installation } from 'layergraph/kernels'
import { createModel, type Model } from 'layergraph/runtime'

const image = input([8, 8, 3])
const y = pipe(image, conv2d({ filters: 4, kernelSize: 3 }), flatten())
const known: Tensor<[144]> = y
// @ts-expect-error It has 144 values.
const wrong: Tensor<[145]> = y
// @ts-expect-error A filter of 9 pixels does not fit.
pipe(image, conv2d({ filters: 4, kernelSize: 9 }))
const net = graph({ name: 'tiny', inputs: { image }, outputs: { y } })
const total: number | null = analyze(lenet5()).totals.params
const installation: Installation = installKernels({ replace: true })
// @ts-expect-error There is no such option.
installKernels({ replaced: true })
const model = await createModel(net)
const result: tf.Tensor = model.predict(tf.zeros([1, 8, 8, 3]))
export type { Model }
export { deformConv2d, installation, known, result, total, wrong }
`

const RESOLUTIONS = [['nodenext', 'nodenext'], ['bundler', 'esnext']] as const

describe('the types', () => {
  test.each(RESOLUTIONS)('resolve with moduleResolution %s', (moduleResolution, module) => {
    project.write('consumer.ts', CONSUMER)
    // The declarations of TensorFlow.js do not pass this check; those of the package must.
    const libraries = { skipLibCheck: false, lib: ['es2023', 'dom'], types: ['node'] }
    const options = { module, moduleResolution, target: 'es2022', strict: true, noEmit: true, ...libraries }
    project.write('tsconfig.json', JSON.stringify({ compilerOptions: options, files: ['consumer.ts'] }))
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', project.folder], { encoding: 'utf8' })
    const errors = stdout.split('\n').filter(line => line.includes('error TS'))
    expect(errors.filter(line => /consumer\.ts|layergraph\/dist/.test(line))).toEqual([])
  })
})

describe('a second copy of tfjs-core', () => {
  test('is detected, and both are named', () => {
    const other = makeProject()
    try {
      other.link('long', 'node-fetch', 'seedrandom')
      const second = other.copyBeside('@tensorflow/tfjs-core', ['package.json', 'dist/tf-core.node.js'])
      const { code, stdout } = other.node(`
        import * as tf from '@tensorflow/tfjs-core'
        import '@tensorflow/tfjs-backend-wasm'
        import { flatten, graph, input, pipe } from 'layergraph'
        import { createModel } from 'layergraph/runtime'
        await tf.setBackend('wasm')
        const image = input([2, 2, 1])
        const net = graph({ name: 'tiny', inputs: { image }, outputs: { y: pipe(image, flatten()) } })
        try {
          await createModel(net)
        } catch (error) {
          console.log(JSON.stringify(error.issues))
        }`)
      expect(code).toBe(0)
      const [issue] = JSON.parse(stdout) as [{ code: string; message: string; hint: string }]
      expect(issue.code).toBe('runtime/second-tfjs')
      expect(issue.message).toContain('is loaded more than once')
      expect(issue.message).toContain(join(second, 'dist/tf-core.node.js'))
      expect(issue.message).toContain(join(root, 'node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js'))
      expect(issue.hint).toContain('npm dedupe')
    } finally {
      other.remove()
    }
  })
})
