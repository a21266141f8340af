// How long the compiler takes over shapes: programs of 300 layers in three styles, against one of two layers.
//   node bench/types.mjs [--json] [layers] [runs]
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const LIMIT = 2
const json = process.argv.includes('--json')
const [count = 300, runs = 3] = process.argv.slice(2).filter((argument) => argument !== '--json').map(Number)
const root = fileURLToPath(new URL('..', import.meta.url))
const out = new URL('../test/types/out/bench/', import.meta.url)

const head = `import {
  avgPool2d, batchNorm, concat, conv2d, dense, depthwiseConv2d, flatten, input, maxPool2d, parallel, pipe, relu, residual,
  sequence, softmax,
} from '../../../../src/index.ts'
`

/** The worst case: every layer has a shape and a config of its own. */
const distinct = Array.from({ length: count }, (_, i) => [
  `conv2d({ filters: ${16 + 3 * i}, kernelSize: 3, activation: 'relu' })`,
  `conv2d({ filters: ${17 + 3 * i}, kernelSize: [5, 3], padding: [[1, 1], [0, 2]] })`,
  `depthwiseConv2d({ kernelSize: 3, dilationRate: 2, padding: 'same' })`,
  'batchNorm()',
  `maxPool2d({ poolSize: 3, strides: 1, padding: 1, ceilMode: true })`,
][i % 5])

/** A realistic case: residual and Inception-style blocks of about seven layers, wider from stage to stage. */
function blocks() {
  const list = ["conv2d({ filters: 64, kernelSize: 7, strides: 2, padding: 'same' })"]
  const total = Math.round(count / 7)
  for (let i = 1, filters = 64; i < total; i++) {
    if (i % Math.ceil(total / 5) === 0) {
      filters *= 2
      list.push('maxPool2d({ poolSize: 2 })', `conv2d({ filters: ${filters}, kernelSize: 1 })`)
    }
    const conv = (share, size) => `conv2d({ filters: ${filters / share}, kernelSize: ${size}, padding: 'same' })`
    list.push(i % 2 === 0
      ? `residual(sequence(${conv(4, 1)}, batchNorm(), relu(), ${conv(4, 3)}, batchNorm(), ${conv(1, 1)}))`
      : `parallel([${conv(4, 1)}, sequence(${conv(8, 1)}, ${conv(4, 3)}), sequence(${conv(8, 1)}, ${conv(2, 5)})], concat())`)
  }
  return [...list, 'flatten()', 'dense({ units: 1000 })', 'softmax()']
}

const image = 'export const image = input([2048, 2048, 3])\n'
const programs = {
  'two layers': `${image}export const y = pipe(image, conv2d({ filters: 3, kernelSize: 3 }), flatten())\n`,
  'pipe, all different': `${image}export const y = pipe(image,\n  ${distinct.join(',\n  ')})\n`,
  'sequence, all different': `${image}export const y = sequence(\n  ${distinct.join(',\n  ')})(image)\n`,
  'layer by layer': `${image}const x0 = image\n${distinct.map((layer, i) => `const x${i + 1} = ${layer}(x${i})`).join('\n')}
export const y = x${count}\n`,
  'residual and inception': `${image}export const y = pipe(image,\n  ${blocks().join(',\n  ')})\n`,
}

function compile(name) {
  const compilerOptions = { noEmit: true, rootDir: '../../../..' }
  const config = { extends: '../../../../tsconfig.json', compilerOptions, include: [], exclude: [], files: ['program.ts'] }
  mkdirSync(out, { recursive: true })
  writeFileSync(new URL('tsconfig.json', out), JSON.stringify(config))
  writeFileSync(new URL('program.ts', out), head + programs[name])
  const start = performance.now()
  const args = ['node_modules/typescript/bin/tsc', '-p', fileURLToPath(out), '--pretty', 'false', '--extendedDiagnostics']
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${name}: ${stdout.slice(0, 2000)}`)
  return { seconds: (performance.now() - start) / 1000, instantiations: Number(/Instantiations:\s+(\d+)/.exec(stdout)?.[1]) }
}

function best(name) {
  const measured = Array.from({ length: runs }, () => compile(name))
  return measured.reduce((a, b) => (b.seconds < a.seconds ? b : a))
}

const [base, ...others] = Object.keys(programs).map((name) => ({ name, ...best(name) }))
rmSync(out, { recursive: true })
const measured = others.map(({ name, seconds, instantiations }) =>
  ({ name, more: seconds - base.seconds, instantiations: instantiations - base.instantiations }))
if (json) console.log(JSON.stringify(measured))
else {
  console.log(`${count} layers, best of ${runs}; the compiler itself with two layers: ${base.seconds.toFixed(2)} s`)
  for (const { name, more, instantiations } of measured) {
    const kept = more < LIMIT ? 'ok' : `over ${LIMIT} s`
    console.log(`${name.padEnd(26)} +${more.toFixed(2)} s   ${String(instantiations).padStart(8)} instantiations   ${kept}`)
  }
}
process.exitCode = json || measured.every(({ more }) => more < LIMIT) ? 0 : 1
