// A training while it runs, beside other runs.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { chart, type Series } from '../../draw/chart.ts'
import { showCount, showLoss, showSeconds, showShare } from '../../report/numbers.ts'
import { accuracyOf, type Followed, lossOf, type News, overlay, type Place, thin, withNews } from '../model/training.ts'
import { Facts } from './parts.tsx'
import type { ViewProps } from './views.ts'

/** As many lines can be told apart; their colours are in the style sheet. */
const COLOURS = ['run-0', 'run-1', 'run-2', 'run-3', 'run-4', 'run-5']
const MOST_POINTS = 200

interface CurveProps {
  readonly title: string
  readonly x: readonly number[]
  readonly xTitle: string
  readonly series: readonly Series[]
  readonly show: (value: number) => string
}

function Curve({ title, series, ...rest }: CurveProps) {
  const drawn = series.filter(({ values }) => values.some((value) => value !== null))
  if (drawn.length === 0) return null
  const html = chart({ title, series: drawn, ...rest, width: 440, height: 240, colours: COLOURS })
  return <figure class="card curve"><figcaption><h2>{title}</h2></figcaption><div dangerouslySetInnerHTML={{ __html: html }} /></figure>
}

const factsOf = ({ epoch, epochs, step, steps, meanLoss, meanAccuracy, imagesPerSecond, secondsLeft, learningRate }: Place): readonly (readonly [string, string])[] => [
  ['epoch', `${epoch} of ${epochs}`],
  ['update', steps === null ? showCount(step) : `${showCount(step)} of ${showCount(steps)}`],
  ['loss', showLoss(meanLoss)],
  ...(meanAccuracy === null ? [] : [['accuracy', showShare(meanAccuracy)] as const]),
  ['images per second', showCount(Math.round(imagesPerSecond))],
  ['learning rate', learningRate.toPrecision(3)],
  ...(secondsLeft === null ? [] : [['time left', showSeconds(secondsLeft)] as const]),
]

function Training({ followed }: { readonly followed: Followed }) {
  const { run, others, place, ended } = followed
  const runs = [run, ...others.slice(0, COLOURS.length - 1)]
  const points = thin(followed.points, MOST_POINTS)
  const [loss, accuracy] = [overlay(runs, lossOf), overlay(runs, accuracyOf)]
  const x = points.map(({ update }) => update)
  return (
    <div class="follow" role="region" aria-label="Training" tabIndex={0}>
      <section class="card" aria-labelledby="run-title">
        <h2 id="run-title">{run.name}: <span role="status">{ended ?? (place === null ? 'about to start' : 'training')}</span></h2>
        {place === null ? null : <Facts facts={factsOf(place)} />}
        {others.length >= COLOURS.length ? <p class="soft">{others.length + 1 - COLOURS.length} runs more than can be told apart are left out.</p> : null}
      </section>
      <div class="charts">
        <Curve title="Loss by epoch" {...loss} xTitle="epoch" show={showLoss} />
        <Curve title="Accuracy by epoch" {...accuracy} xTitle="epoch" show={showShare} />
        <Curve title="Loss by update" x={x} xTitle="update" series={[{ name: run.name, values: points.map((point) => point.loss) }]} show={showLoss} />
        <Curve title="Accuracy by update" x={x} xTitle="update" series={[{ name: run.name, values: points.map((point) => point.accuracy) }]} show={showShare} />
      </div>
    </div>
  )
}

export default function FollowView({ store }: ViewProps) {
  const followed = useSignal<Followed | null>(null)
  const address = store.given?.training
  useEffect(() => {
    if (address === undefined) return undefined
    const source = new EventSource(address)
    source.addEventListener('all', ({ data }: MessageEvent<string>) => {
      followed.value = JSON.parse(data) as Followed
      // Nothing comes of one that has ended.
      if (followed.value.ended !== null) source.close()
    })
    source.addEventListener('news', ({ data }: MessageEvent<string>) => {
      if (followed.value === null) return
      followed.value = withNews(followed.value, JSON.parse(data) as News)
      if (followed.value.ended !== null) source.close()
    })
    return () => source.close()
  }, [address])
  return followed.value === null ? <p class="waiting">Waiting for the training …</p> : <Training followed={followed.value} />
}
