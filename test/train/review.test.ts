// A look at the answers of a classifier, and the page that shows it.
import { conv2d, dense, flatten, graph, input, pipe } from 'layergraph'
import { createModel, reviewModel } from 'layergraph/runtime'
import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { trainingHtml } from '../../src/report/trainingHtml.ts'

const image = input([2, 2, 1])
const net = graph({
  name: 'corners', inputs: { image },
  outputs: { logits: pipe(image, conv2d({ filters: 2, kernelSize: 1, useBias: false }), flatten(), dense({ units: 2 })) },
})

/** Class 1 where the pixels are bright: logits 0 and 4·(sum − 2). */
async function brightness() {
  const model = await createModel(net)
  model.setWeights({
    'conv2d/kernel': { data: Float32Array.of(1, -1), shape: [1, 1, 1, 2] },
    'dense/kernel': { data: Float32Array.of(0, 4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0), shape: [8, 2] },
    'dense/bias': { data: Float32Array.of(0, -8), shape: [2] },
  })
  return model
}

// Sums 0, 4, 3, 2.25: answers 0, 1, 1, 1.
const inputs = { data: Float32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0.25, 0), shape: [4, 2, 2, 1] }

describe('a review', () => {
  test('says which units do nothing', async () => {
    const dead = graph({
      name: 'dead', inputs: { image },
      outputs: { logits: pipe(image, conv2d({ filters: 2, kernelSize: 1, activation: 'relu' }), flatten(), dense({ units: 2 })) },
    })
    const model = await createModel(dead)
    model.setWeights({ 'conv2d/kernel': { data: Float32Array.of(1, -1), shape: [1, 1, 1, 2] } }, { partial: true })
    const review = reviewModel(model, { inputs, labels: { data: Uint8Array.of(0, 1, 0, 0), shape: [4] } })
    expect(review?.units).toMatchObject([{ at: 'conv2d', units: 2, stuck: 1 }])
    const page = trainingHtml({ graph: dead, analysis: analyze(dead), history: [], review, settings: {}, test: null })
    expect(page).toContain('<td>conv2d</td><td>conv2d</td><td class="n">2</td><td class="n">1</td><td>zero</td>')
    expect(page).toContain('<td>units/dead</td>')
    model.dispose()
  })

  test('counts answers, keeps the surest mistakes, shows filters', async () => {
    const model = await brightness()
    const review = reviewModel(model, { inputs, labels: { data: Uint8Array.of(0, 1, 0, 0), shape: [4] } }, { batchSize: 3 })
    expect(review?.confusion).toEqual([[1, 2], [0, 1]])
    expect(review?.mistakes.map(({ index, truth, answer }) => ({ index, truth, answer }))).toEqual([{ index: 2, truth: 0, answer: 1 }, { index: 3, truth: 0, answer: 1 }])
    expect(review?.mistakes[0]?.confidence).toBeCloseTo(1 / (1 + Math.exp(-4)), 5)
    expect(review?.mistakes[1]?.picture).toEqual({ width: 2, height: 2, channels: 1, data: Uint8Array.of(255, 255, 64, 0) })
    expect(review?.filters.map(({ data }) => [...data])).toEqual([[255], [0]])
    expect(reviewModel(model, { inputs, labels: { data: Uint8Array.of(0, 1, 0, 0), shape: [4] } }, { mistakes: 1 })?.mistakes).toHaveLength(1)
    model.dispose()
  })

  test('is none for what is no classifier of images', async () => {
    const model = await brightness()
    expect(reviewModel(model, { inputs, labels: { data: new Float32Array(8), shape: [4, 2] } })).toBeNull()
    expect(reviewModel(model, { inputs, labels: { data: Uint8Array.of(0, 1, 2, 0), shape: [4] } })).toBeNull()
    model.dispose()
  })

  test('goes onto a page of its own, with curves and the model', async () => {
    const model = await brightness()
    const review = reviewModel(model, { inputs, labels: { data: Uint8Array.of(0, 1, 0, 0), shape: [4] } })
    const epoch = (number: number, loss: number) => ({
      epoch: number, loss, accuracy: 0.5, validationLoss: null, validationAccuracy: null, learningRate: 0.001, seconds: 2,
    })
    const page = trainingHtml({
      graph: net, analysis: analyze(net), history: [epoch(1, 0.8), epoch(2, 0.4)], review,
      settings: { optimizer: 'adam', note: '<b>' }, test: { loss: 0.3, accuracy: 0.5, examples: 4 },
    })
    expect(page).toContain('<b>50.00 %</b> on 4 test images, after 2 epochs in 4 s')
    expect(page).toContain('title="2 of 3 images of 0 taken for 1"')
    expect(page.match(/data:image\/png;base64,/g)).toHaveLength(4)
    expect(page).toContain('&lt;b&gt;')
    expect(page).toContain('Loss by epoch')
    expect(page).toContain('id="node-conv2d"')
    // Nothing is loaded from elsewhere.
    expect(page).not.toMatch(/(src|href)="(?!data:|#)/)
    model.dispose()
  })
})
