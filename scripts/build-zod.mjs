// Writes dist/zod.js: zod in one file, without its error messages in fifty languages, and lets the built modules
// import it as #zod (package.json says when that is this file). The command loads a hundred files less, which is a
// quarter of the time it takes to start. Runs after tsc.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { withoutLocales } from './without-locales.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')

const license = readFileSync(join(root, 'node_modules/zod/LICENSE'), 'utf8').trim()
await build({
  stdin: { contents: "export { z } from 'zod'", resolveDir: root },
  bundle: true, format: 'esm', platform: 'node', target: 'node20', minifySyntax: true, minifyWhitespace: true,
  outfile: join(dist, 'zod.js'), plugins: [withoutLocales], logLevel: 'warning', banner: { js: `/* zod\n\n${license} */` },
})

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith('.js')) continue
  const file = join(entry.parentPath ?? entry.path, entry.name)
  const text = readFileSync(file, 'utf8')
  const mapped = text.replace(/^(import \{ z \} from )'zod';$/m, "$1'#zod';")
  if (mapped !== text) writeFileSync(file, mapped)
}
