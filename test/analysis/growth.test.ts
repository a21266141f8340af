// Ten times the nodes take about ten times the time, not a hundred.
import { expect, test } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { lint } from '../../src/analysis/lint/index.ts'
import type { GraphData } from '../../src/graph/graph.ts'
import { parseGraph } from '../../src/index.ts'

/** Residual blocks, one after the other. */
function deep(blocks: number): GraphData {
  const config = { filters: 4, kernelSize: 3, padding: 'same' }
  const nodes = Array.from({ length: blocks }, (_, block) => {
    const [id, from] = [`block${block}`, block === 0 ? 'image' : `block${block - 1}/add`]
    return [
      { id: `${id}/conv2d`, kind: 'conv2d', from: [from], config }, { id: `${id}/relu`, kind: 'relu', from: [`${id}/conv2d`], config: {} },
      { id: `${id}/conv2d_1`, kind: 'conv2d', from: [`${id}/relu`], config }, { id: `${id}/add`, kind: 'add', from: [`${id}/conv2d_1`, from], config: {} },
    ]
  }).flat()
  return parseGraph({ format: 'layergraph/1', name: 'deep', inputs: [{ id: 'image', shape: [32, 32, 4] }], nodes, outputs: [{ name: 'y', from: `block${blocks - 1}/add` }] })
}

/** Processor time, which others on the machine do not lengthen; the least of three. */
function cost(run: () => unknown): number {
  return Math.min(...[1, 2, 3].map(() => {
    const before = process.cpuUsage()
    run()
    return process.cpuUsage(before).user
  }))
}

test.each([['analyze', analyze], ['lint', lint]] as const)('%s of 10,000 nodes', (_name, run) => {
  const [small, large] = [deep(250), deep(2500)]
  expect(large.nodes.length).toBe(10_000)
  run(small)
  expect(cost(() => run(large)) / cost(() => run(small))).toBeLessThan(40)
  expect(analyze(large).nodes.at(-1)?.field?.size).toEqual([10_001, 10_001])
})
