// Curves of trainings, several in one chart.
import { chart, type Series } from '../../draw/chart.ts'
import { showLoss, showShare } from '../../report/numbers.ts'
import { accuracyOf, lossOf, overlay, type Run } from '../model/training.ts'

/** As many lines can be told apart; their colours are in the style sheet. */
export const COLOURS: readonly string[] = ['run-0', 'run-1', 'run-2', 'run-3', 'run-4', 'run-5']

interface CurveProps {
  readonly title: string
  readonly x: readonly number[]
  readonly xTitle: string
  readonly series: readonly Series[]
  readonly show: (value: number) => string
}

/** A chart of its own; none where there are no numbers. */
export function Curve({ title, series, ...rest }: CurveProps) {
  const drawn = series.filter(({ values }) => values.some((value) => value !== null))
  if (drawn.length === 0) return null
  const html = chart({ title, series: drawn, ...rest, width: 440, height: 240, colours: COLOURS })
  return <figure class="card curve"><figcaption><h2>{title}</h2></figcaption><div dangerouslySetInnerHTML={{ __html: html }} /></figure>
}

interface RunsProps {
  readonly runs: readonly Run[]
}

/** Loss and accuracy of runs by epoch, one line each. */
export function EpochCurves({ runs }: RunsProps) {
  const drawn = runs.slice(0, COLOURS.length)
  return (
    <>
      <Curve title="Loss by epoch" {...overlay(drawn, lossOf)} xTitle="epoch" show={showLoss} />
      <Curve title="Accuracy by epoch" {...overlay(drawn, accuracyOf)} xTitle="epoch" show={showShare} />
    </>
  )
}

/** Says how many runs have no line. */
export function LeftOut({ runs }: RunsProps) {
  const over = runs.length - COLOURS.length
  return over <= 0 ? null : <p class="soft">{over} {over === 1 ? 'run' : 'runs'} more than can be told apart {over === 1 ? 'has' : 'have'} no line.</p>
}
