// What the gallery shows: drawings of the models, folded until they are small, and pictures of the concepts.
import { graphs } from '../dist/graphs/index.js'
import { layers } from '../dist/layers/index.js'
import { concepts, explainConcept } from '../dist/src/analysis/concepts/index.js'
import { griddingOf } from '../dist/src/analysis/gridding.js'
import { graphDrawing } from '../dist/src/draw/graphDrawing.js'
import { readableDepth } from '../dist/src/draw/outline.js'
import { layerPicture } from '../dist/src/draw/layerPicture.js'
import { analyze, conv2d, graph, input } from '../dist/src/index.js'
import { heatSvg, planeOf } from '../dist/src/report/heat.js'
import { soleNode } from '../dist/src/report/layerPage.js'
import { pictures } from './concept-pictures.mjs'

/** More boxes than this are no picture at a glance. */
const MOST = 20

/** Every model with its drawing. */
export const galleryModels = () => graphs.map((model) => {
  const made = model({})
  const analysis = analyze(made)
  return { name: model.name, summary: model.summary, analysis, svg: graphDrawing(made, analysis, { depth: readableDepth(made.nodes.map(({ id }) => id), MOST) }) }
})

/** A use of a layer that shows a concept: its kind, settings and input. */
const USES = {
  convolution: ['conv2d', { filters: 1, kernelSize: 3, padding: 'same' }, [7, 7, 1]],
  transposedConvolution: ['conv2dTranspose', { filters: 1, kernelSize: 3, strides: 2 }, [4, 4, 1]],
  dilatedConvolution: ['conv2d', { filters: 1, kernelSize: 3, dilationRate: 2 }, [9, 9, 1]],
  spatiallySeparable: ['conv2d', { filters: 1, kernelSize: [3, 1], padding: 'same' }, [5, 5, 1]],
  depthwiseSeparable: ['depthwiseConv2d', { kernelSize: 3 }, [6, 6, 3]],
  deformableConvolution: ['deformableConv2d', { filters: 1, kernelSize: 3, padding: 'same' }, [9, 9, 3]],
  pointwiseConvolution: ['conv2d', { filters: 1, kernelSize: 1 }, [5, 5, 1]],
  pooling: ['maxPool2d', { poolSize: 4, strides: 4, padding: 2, ceilMode: true }, [9, 9, 1]],
  adaptivePooling: ['adaptiveAvgPool2d', { outputSize: 3 }, [7, 7, 1]],
  upsampling: ['upsample2d', { size: 2 }, [4, 4, 1]],
}

function useOf([kind, config, shape]) {
  const definition = layers.find((one) => one.kind === kind)
  const { site } = soleNode(definition, config, [shape])
  const rule = definition.field(site)
  return layerPicture(kind, rule.rule === 'each' ? rule.rules[0] : rule, site)
}

/** The paths through stacked convolutions: what a unit of the last one uses. */
function stackOf(name, sizes, rates) {
  const x = input([64, 64, 1])
  const y = sizes.reduce((last, kernelSize, index) => conv2d({ filters: 1, kernelSize, dilationRate: rates[index], padding: 'same' })(last), x)
  const made = graph({ name, inputs: { x }, outputs: { y } })
  const [{ map }] = griddingOf(made, made.nodes.at(-1).id)
  return heatSvg(planeOf(map), `Paths to one unit behind windows of ${sizes.join(', ')} at dilations ${rates.join(', ')}`)
}

const STACKS = {
  receptiveField: ({ K }) => [K, K.map(() => 1)],
  effectiveField: ({ K }) => [K, K.map(() => 1)],
  gridding: ({ rates, K }) => [rates.map(() => K[0]), rates],
  hdc: ({ rates, K }) => [rates.map(() => K[0]), rates],
}

/** `null` for activations, whose curves are on the pages of their layers. */
function pictureOf({ id, letters }) {
  if (USES[id] !== undefined) return useOf(USES[id])
  if (STACKS[id] !== undefined) return stackOf(id, ...STACKS[id](letters))
  return pictures[id]?.(letters) ?? null
}

/** Every concept with its worked example, and its picture. */
export const galleryConcepts = () => concepts.map((concept) => ({ ...explainConcept(concept.id), svg: pictureOf(concept) }))
