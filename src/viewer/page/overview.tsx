// What there is to say of the whole graph.
import type { Totals } from '../../analysis/analyze.ts'
import { showBytes, showCount, showPartial } from '../../report/numbers.ts'
import { showInputs } from '../../report/rows.ts'
import { showDims } from '../../spec/tensor.ts'
import { Changes } from './changes.tsx'
import { Inputs } from './inputs.tsx'
import { Facts, Findings, Fold, NodeLink } from './parts.tsx'
import type { Store } from './store.ts'

const factsOf = ({ params, macs, flops, uncounted, memory }: Totals): readonly (readonly [string, string])[] => [
  ['parameters', showCount(params)], ['weights', showBytes(memory.weights)],
  ['MACs per image', showPartial(macs, uncounted.length)], ['FLOPs per image', showPartial(flops, uncounted.length)],
  ['peak memory, inference', showBytes(memory.peak)], ['peak memory, training', showBytes(memory.trainingPeak)],
]

export function Overview({ store }: { readonly store: Store }) {
  const { analysis, findings, survey } = store.project.value
  return (
    <>
      <header class="head"><h2>{analysis.name}</h2><p class="soft">{showInputs(analysis)} → {survey.graph.outputs.map(({ name }) => name).join(', ')}</p></header>
      <Inputs store={store} />
      <Facts facts={factsOf(analysis.totals)} />
      <Changes store={store} />
      <Fold title={findings.length === 0 ? 'Findings: none' : `Findings: ${findings.length}`} open={findings.length > 0}>
        {findings.length === 0 ? <p class="soft">Nothing deserves a look.</p> : <Findings store={store} findings={findings} />}
      </Fold>
      <Fold title={`Layers: ${analysis.nodes.length}`}>
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of layers">
          <table class="layers">
            <thead><tr><th scope="col">layer</th><th scope="col">output</th><th scope="col" class="n">params</th></tr></thead>
            <tbody>
              {analysis.nodes.map(({ id, outputShape, params }) => (
                <tr key={id}><td><NodeLink store={store} id={id} /></td><td>{showDims(outputShape)}</td><td class="n">{showCount(params)}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      </Fold>
    </>
  )
}
