// Trains the models that the playground opens with, by the command itself, and writes them to src/viewer/playground/models.
// Run after the build: node scripts/train-playground.mjs. The same machine gives the same bytes.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadModel } from '../dist/src/runtime/index.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'src/viewer/playground/models')
const MODELS = [
  { name: 'convMini', set: [], epochs: 10 },
  { name: 'deformableMini', set: ['width=8'], epochs: 3 },
]

mkdirSync(folder, { recursive: true })
const runs = mkdtempSync(join(tmpdir(), 'layergraph-playground-'))
try {
  for (const { name, set, epochs } of MODELS) {
    const out = join(runs, name)
    execFileSync(process.execPath, [
      join(root, 'dist/src/cli/main.js'), 'train', name, ...set.flatMap((pair) => ['--set', pair]), '--out', out,
      '--epochs', String(epochs), '--batch-size', '64', '--learning-rate', '4e-3', '--schedule', 'cosine', '--seed', '1',
    ], { stdio: 'inherit' })
    const model = await loadModel(out)
    writeFileSync(join(folder, `${name}.safetensors`), model.encode())
    model.dispose()
  }
} finally {
  rmSync(runs, { recursive: true })
}
