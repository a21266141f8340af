// Writes docs/layers, docs/gallery.md and docs/pictures: a page for every layer, from its definition, its comments and its examples, with a picture of
// what one of its outputs looks at, or of its curve. Run after the build: npm run docs. `--out FOLDER` writes elsewhere.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { layers } from '../dist/layers/index.js'
import { curve } from '../dist/src/draw/curve.js'
import { layerPicture } from '../dist/src/draw/layerPicture.js'
import { graph, input } from '../dist/src/index.js'
import { galleryPage } from '../dist/src/report/gallery.js'
import { layerIndex, layerPage, soleNode } from '../dist/src/report/layerPage.js'
import { createModel } from '../dist/src/runtime/index.js'
import { galleryConcepts, galleryModels } from './gallery.mjs'
import { layerText } from './layer-text.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const option = process.argv.indexOf('--out')
const docs = option < 0 ? join(root, 'docs') : process.argv[option + 1]
const out = join(docs, 'layers')

/** The curve of a layer that makes each number from the number in its place. */
async function curveOf(definition) {
  const x = Float32Array.from({ length: 161 }, (_, index) => (index - 80) / 20)
  const place = input([161, 1])
  const y = definition(definition.config.parse(definition.examples[0].config))(place)
  const model = await createModel(graph({ name: definition.kind, inputs: { x: place }, outputs: { y } }), { backend: 'cpu' })
  const { data } = model.predict({ data: x, shape: [1, 161, 1] })
  model.dispose()
  // Of one channel alone, softmax makes nothing but ones.
  if (data.every((value) => value === data[0])) return null
  return curve(`${definition.kind}(x) for x from −4 to 4`, x, data)
}

/** One output over a line of inputs says nothing of a layer that looks at all channels. */
const actsOnNumbers = (definition, { rule }) => definition.category === 'activation' && rule === 'pointwise'

async function pictureOf(definition) {
  for (const { config, inputs } of definition.examples) {
    const { site } = soleNode(definition, config, inputs)
    const rule = definition.field(site)
    const first = rule.rule === 'each' ? rule.rules[0] : rule
    const picture = layerPicture(definition.kind, first, site)
    if (picture !== null) return picture
    if (actsOnNumbers(definition, first)) return curveOf(definition)
  }
  return null
}

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
for (const definition of layers) {
  const { kind } = definition
  const picture = await pictureOf(definition)
  if (picture !== null) writeFileSync(join(out, `${kind}.svg`), picture)
  const said = layerText(readFileSync(join(root, 'layers', `${kind}.ts`), 'utf8'), kind)
  writeFileSync(join(out, `${kind}.md`), layerPage(definition, { ...said, picture: picture === null ? null : `${kind}.svg` }))
}
writeFileSync(join(out, 'index.md'), layerIndex(layers))

// The gallery, and the pictures that guides show.
const pictures = join(docs, 'pictures')
rmSync(pictures, { recursive: true, force: true })
for (const folder of ['models', 'concepts']) mkdirSync(join(pictures, folder), { recursive: true })
const written = (folder, name, svg) => {
  writeFileSync(join(pictures, folder, `${name}.svg`), svg)
  return `pictures/${folder}/${name}.svg`
}
const models = galleryModels().map(({ svg, ...model }) => ({ ...model, picture: written('models', model.name, svg) }))
const curves = new Set(readdirSync(out))
const shownConcepts = galleryConcepts().map(({ svg, ...concept }) => ({
  ...concept, picture: svg !== null ? written('concepts', concept.id, svg) : curves.has(`${concept.id}.svg`) ? `layers/${concept.id}.svg` : null,
}))
writeFileSync(join(docs, 'gallery.md'), galleryPage(models, shownConcepts))
console.log(`${layers.length} pages in ${out}, ${models.length} models and ${shownConcepts.length} concepts in the gallery`)
