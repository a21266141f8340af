// How long the analyzer takes: the deepest of the built-in models, and a graph as large as anybody's.
import { analyze, type AnyGraph, batchNorm, conv2d, graph, input, type Op, relu, residual, sequence } from 'layergraph'
import { resnet152 } from 'layergraph/graphs'
import type { Limit } from './limits.ts'
import { median } from './measure.ts'

const RUNS = 5

/** Residual blocks of four layers on an image of 32×32, as many as make 10,000 nodes. */
function large(): AnyGraph {
  const image = input([32, 32, 16])
  const block: Op = residual(sequence(conv2d({ filters: 16, kernelSize: 3, padding: 'same', useBias: false }), batchNorm(), relu()))
  const blocks: readonly Op[] = Array.from({ length: 2500 }, () => block)
  return graph({ name: 'large', inputs: { image }, outputs: { y: sequence(...blocks)(image) } })
}

/** Seconds to analyze a graph that is there, after one time to warm up. */
function analysisOf(make: () => AnyGraph): () => number {
  return () => {
    const model = make()
    analyze(model)
    return median(Array.from({ length: RUNS }, () => {
      const start = performance.now()
      analyze(model)
      return (performance.now() - start) / 1000
    }))
  }
}

export const analysisLimits: readonly Limit[] = [
  { name: 'analyze-resnet152', title: 'analysis of resnet152', limit: 0.5, measure: analysisOf(() => resnet152()) },
  { name: 'analyze-10000', title: 'analysis of a graph of 10,000 nodes', limit: 3, measure: analysisOf(large) },
]
