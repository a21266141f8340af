// Whole models against torchvision: parameters, and the forward pass with the same random weights.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  alexnet, densenet121, efficientnetB0, inceptionV3, mobilenetV2, resnet101, resnet152, resnet18, resnet34, resnet50,
  shufflenetV2, squeezenet, vgg16,
} from '../../graphs/index.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import type { AnyGraph } from '../../src/graph/graph.ts'
import { createModel } from '../../src/runtime/index.ts'
import { planWeights, type WeightArray, type WeightArrays } from '../../src/runtime/weights.ts'
import { decodeSafetensors } from '../../src/store/safetensors.ts'
import { runPython } from '../support/python.ts'

const script = fileURLToPath(new URL('whole_model.py', import.meta.url))

const trainable = (printed: string): number => (JSON.parse(printed) as { trainable: number }).trainable

/** Shapes without sizes of 1: a dense layer's kernel is that of a 1×1 convolution. */
const squeezed = (shape: readonly number[]): readonly number[] => shape.filter((size) => size !== 1)

/** Their weights by our names: layer by layer, in the order in which both run. */
function ours(net: AnyGraph, theirs: WeightArrays): WeightArrays {
  const ids: string[] = []
  const weights = Object.fromEntries(planWeights(net).map(({ name, spec }) => {
    const at = name.lastIndexOf('/')
    const [id, local] = [name.slice(0, at), name.slice(at + 1)]
    if (ids.at(-1) !== id) ids.push(id)
    const weight = theirs[`${ids.length - 1}/${local}`] as WeightArray
    expect(squeezed(weight.shape), name).toEqual(squeezed(spec.shape as readonly number[]))
    return [name, { data: weight.data, shape: spec.shape as readonly number[] }]
  }))
  expect(Object.keys(theirs).filter((key) => key.includes('/')).length).toBe(Object.keys(weights).length)
  return weights
}

describe.each([
  { model: alexnet, name: 'alexnet', size: 127 },
  { model: resnet18, name: 'resnet18', size: 97 },
  { model: resnet34, name: 'resnet34', size: 96 },
  { model: resnet50, name: 'resnet50', size: 96 },
  { model: resnet101, name: 'resnet101', size: 96 },
  { model: resnet152, name: 'resnet152', size: 96 },
  // Its dense layers take a map of 7×7.
  { model: vgg16, name: 'vgg16', size: 224 },
  { model: squeezenet, name: 'squeezenet1_0', size: 96 },
  { model: mobilenetV2, name: 'mobilenet_v2', size: 96 },
  { model: shufflenetV2, name: 'shufflenet_v2_x1_0', size: 96 },
  { model: efficientnetB0, name: 'efficientnet_b0', size: 96 },
  { model: densenet121, name: 'densenet121', size: 96 },
  { model: inceptionV3, name: 'inception_v3', size: 139 },
])('$name', ({ model, name, size }) => {
  test('has the parameters and the outputs of torchvision', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'torchvision-'))
    try {
      const printed = runPython([script, name, String(size), folder])
      const path = join(folder, `${name}.safetensors`)
      const tensors = decodeSafetensors(readFileSync(path), path).tensors as WeightArrays
      const net = model({ inputShape: [size, size, 3] }) as unknown as AnyGraph
      expect(analyze(net).totals.trainableParams).toBe(trainable(printed))
      const running = await createModel(net)
      running.setWeights(ours(net, tensors))
      const { data } = running.predict(tensors['input'] as WeightArray) as unknown as WeightArray
      running.dispose()
      const expected = (tensors['output'] as WeightArray).data
      const most = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
      const furthest = data.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (expected[index] as number))), 0)
      expect(data.length).toBe(expected.length)
      expect(most).toBeGreaterThan(0)
      expect(furthest / most).toBeLessThan(1e-4)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
