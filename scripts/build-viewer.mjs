// Bundles the viewer's page into dist/viewer/: files with relative addresses that any host can serve. Runs after tsc.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { layers } from '../dist/layers/index.js'
import { layerText } from './layer-text.mjs'
import { addPlayground } from './playground-files.mjs'
import { withoutLocales } from './without-locales.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const page = join(root, 'src/viewer/page')
const out = join(root, 'dist/viewer')

mkdirSync(out, { recursive: true })
const { metafile } = await build({
  entryPoints: [
    { in: join(page, 'main.tsx'), out: 'viewer' }, { in: join(page, 'viewer.css'), out: 'viewer' }, { in: join(page, 'worker.ts'), out: 'worker' },
    { in: join(page, 'playground/worker.ts'), out: 'playground' },
  ],
  outdir: out, bundle: true, splitting: true, format: 'esm', target: 'es2022', minify: true, metafile: true,
  chunkNames: 'chunks/[name]-[hash]', jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none', logLevel: 'warning',
  absWorkingDir: root, plugins: [withoutLocales],
})
// What the script imports is fetched beside it, not after it.
const imports = metafile.outputs['dist/viewer/viewer.js'].imports.filter(({ kind }) => kind === 'import-statement')
const preloads = imports.map(({ path }) => `<link rel="modulepreload" href="${path.replace('dist/viewer/', '')}">\n`)
const html = readFileSync(join(page, 'index.html'), 'utf8')
writeFileSync(join(out, 'index.html'), html.replace('<link rel="stylesheet"', () => `${preloads.join('')}<link rel="stylesheet"`))
// What the pages of the layers say beyond the definitions, and their pictures.
mkdirSync(join(out, 'layers'), { recursive: true })
const pages = layers.map(({ kind }) => {
  const drawn = join(root, 'docs/layers', `${kind}.svg`)
  const picture = existsSync(drawn) ? `layers/${kind}.svg` : null
  if (picture !== null) copyFileSync(drawn, join(out, picture))
  return [kind, { ...layerText(readFileSync(join(root, 'layers', `${kind}.ts`), 'utf8'), kind), picture }]
})
writeFileSync(join(out, 'layers.json'), JSON.stringify(Object.fromEntries(pages)))
addPlayground(join(out, 'playground'))
// What is in which file: the tests add up what a first visit loads.
writeFileSync(join(root, 'dist/viewer-files.json'), JSON.stringify(metafile))
