// Builds the package into dist/: the WebAssembly kernels, the TypeScript sources, the published JSON Schema, the viewer's page.
// Does nothing when the sources are those of the last build. Then links the command, so that `npx layergraph` in the
// checkout starts at once: npx would install the checkout into its cache each time.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'dist/.sources')
const run = (script, ...args) => execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' })

function hashOfSources() {
  const files = ['src', 'layers', 'graphs', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)))
  const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']
    .map((name) => join(root, name))
  const hash = createHash('sha256')
  for (const file of [...settings, ...files.sort()]) hash.update(`${file}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

run('scripts/build-kernels.mjs')
const hash = hashOfSources()
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
  run('scripts/build-zod.mjs')
  run('scripts/build-schema.mjs')
  run('scripts/build-viewer.mjs')
  chmodSync(join(root, 'dist/src/cli/main.js'), 0o755)
  writeFileSync(stamp, hash)
}

const command = join(root, 'node_modules/.bin/layergraph')
if (process.platform !== 'win32' && lstatSync(command, { throwIfNoEntry: false }) === undefined) {
  symlinkSync('../../dist/src/cli/main.js', command)
}
