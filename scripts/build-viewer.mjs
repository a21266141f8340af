// Bundles the viewer's page into dist/viewer/: files with relative addresses that any host can serve. Runs after tsc.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { layers } from '../dist/layers/index.js'
import { layerText } from './layer-text.mjs'
import { addPlayground } from './playground-files.mjs'

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
  absWorkingDir: root,
})
copyFileSync(join(page, 'index.html'), join(out, 'index.html'))
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
