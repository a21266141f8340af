// Bundles the viewer's page into dist/viewer/: files with relative addresses that any host can serve. Runs after tsc.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const page = join(root, 'src/viewer/page')
const out = join(root, 'dist/viewer')

mkdirSync(out, { recursive: true })
const { metafile } = await build({
  entryPoints: [
    { in: join(page, 'main.tsx'), out: 'viewer' }, { in: join(page, 'viewer.css'), out: 'viewer' }, { in: join(page, 'worker.ts'), out: 'worker' },
  ],
  outdir: out, bundle: true, splitting: true, format: 'esm', target: 'es2022', minify: true, metafile: true,
  chunkNames: 'chunks/[name]-[hash]', jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none', logLevel: 'warning',
  absWorkingDir: root,
})
copyFileSync(join(page, 'index.html'), join(out, 'index.html'))
// What is in which file: the tests add up what a first visit loads.
writeFileSync(join(root, 'dist/viewer-files.json'), JSON.stringify(metafile))
