// Trainings that have ended, beside each other.
import { compareRuns } from '../model/training.ts'
import { COLOURS, EpochCurves, LeftOut } from './curves.tsx'
import type { ViewProps } from './views.ts'

const Mark = ({ index }: { readonly index: number }) => (
  COLOURS[index] === undefined ? null : <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2" class={COLOURS[index]} /></svg>
)

export default function Runs({ store }: ViewProps) {
  const runs = store.given?.runs ?? []
  const { head, rows } = compareRuns(runs)
  return (
    <div class="follow" role="region" aria-label="Runs" tabIndex={0}>
      <section class="card" aria-labelledby="runs-title">
        <h2 id="runs-title">{runs.length} runs</h2>
        <div class="scroll" role="region" aria-label="Table of runs" tabIndex={0}>
          <table class="runs">
            <thead><tr>{head.map((title) => <th key={title} scope="col">{title}</th>)}</tr></thead>
            <tbody>
              {rows.map(([name, ...cells], index) => (
                <tr key={name}><th scope="row"><Mark index={index} /> {name}</th>{cells.map((cell, column) => <td key={column}>{cell}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
        <LeftOut runs={runs} />
      </section>
      <div class="charts"><EpochCurves runs={runs} /></div>
    </div>
  )
}
