// The tests of tfjs-core as they ship in its package: modules for a bundler, written for jasmine.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'

const dist = fileURLToPath(new URL('../../../node_modules/@tensorflow/tfjs-core/dist', import.meta.url))

/** What the bundle asks its surroundings for: tfjs-core itself, so that it is tested and not a copy, and the harness. */
const surroundings: Plugin = {
  name: 'surroundings',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path)
      if (file === join(dist, 'index')) return { path: 'tfjs-core', external: true }
      if (file === join(dist, 'jasmine_util')) return { path: 'jasmine', external: true }
      return undefined
    })
  },
}

/** One test file (`ops/conv2d_test`) as a program that registers its tests when it is run. */
export async function bundleTest(file: string): Promise<(modules: Readonly<Record<string, unknown>>) => void> {
  const entry = join(dist, `${file}.js`)
  const { outputFiles } = await build({
    entryPoints: [entry], absWorkingDir: dirname(entry), bundle: true, write: false, format: 'cjs', logLevel: 'error',
    platform: 'node', plugins: [surroundings],
  })
  type Program = (require: (name: string) => unknown, module: { exports: object }) => void
  const program = new Function('require', 'module', outputFiles[0]!.text) as Program
  return modules => {
    const require = (name: string): unknown => {
      if (!(name in modules)) throw new Error(`${file} asks for ${name}.`)
      return modules[name]
    }
    program(require, { exports: {} })
  }
}
