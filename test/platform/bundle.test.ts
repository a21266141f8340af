// What a bundler for pages makes of the package: all of it, and nothing of Node.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe('bundled for a page', () => {
  test.each([
    'src/index.ts', 'graphs/index.ts', 'src/kernels/index.ts', 'src/runtime/index.ts',
    'dist/src/index.js', 'dist/graphs/index.js', 'dist/src/kernels/index.js', 'dist/src/runtime/index.js',
  ])('%s needs nothing of Node', async (entry) => {
    const { metafile, errors, warnings } = await build({
      absWorkingDir: root, entryPoints: [entry], bundle: true, format: 'esm', platform: 'browser', splitting: true,
      outdir: 'out', write: false, metafile: true, logLevel: 'silent',
    })
    expect([...errors, ...warnings]).toEqual([])
    const inputs = Object.keys(metafile.inputs)
    expect(inputs.filter((path) => /(^|\/)src\/platform\/\w+\.(ts|js)$/.test(path))).toEqual([])
    const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external === true))
    expect(outside).toEqual([])
    const tfjs = inputs.filter((path) => path.includes('@tensorflow'))
    expect(tfjs.length > 0).toBe(/kernels|runtime/.test(entry))
  })
})
