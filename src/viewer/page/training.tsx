// A training while it runs, beside other runs.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { showCount, showLoss, showSeconds, showShare } from '../../report/numbers.ts'
import { type Followed, type News, type Place, thin, withNews } from '../model/training.ts'
import { Curve, EpochCurves, LeftOut } from './curves.tsx'
import { Facts } from './parts.tsx'
import type { ViewProps } from './views.ts'

const MOST_POINTS = 200

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
  const runs = [run, ...others]
  const points = thin(followed.points, MOST_POINTS)
  const x = points.map(({ update }) => update)
  return (
    <div class="follow" role="region" aria-label="Training" tabIndex={0}>
      <section class="card" aria-labelledby="run-title">
        <h2 id="run-title">{run.name}: <span role="status">{ended ?? (place === null ? 'about to start' : 'training')}</span></h2>
        {place === null ? null : <Facts facts={factsOf(place)} />}
        <LeftOut runs={runs} />
      </section>
      <div class="charts">
        <EpochCurves runs={runs} />
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
