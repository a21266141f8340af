// The playground: draw a digit, look into the model that reads it, and watch it learn.
import { useEffect, useMemo } from 'preact/hooks'
import { PLAYGROUND, type ViewProps } from '../views.ts'
import { createPlayground, type Playground } from './client.ts'
import { firstDrawing, Pad } from './pad.tsx'
import { Features, Overlays, Prediction } from './pictures.tsx'
import { bundled, BUNDLED, ModelCard, TrainingCard } from './training.tsx'

function Sight({ play }: { readonly play: Playground }) {
  const seen = play.seen.value
  if (seen === null) return <p class="soft sight">Loading the model …</p>
  return (
    <div class="sight">
      <section class="card" aria-labelledby="sees-title"><h2 id="sees-title">What it looks at</h2><Overlays seen={seen} /></section>
      <Features play={play} seen={seen} />
    </div>
  )
}

export default function PlaygroundView({ store }: ViewProps) {
  const play = useMemo(() => {
    const made = createPlayground(store.starts.take(PLAYGROUND), firstDrawing())
    // Before the first frame, which takes a while.
    void made.open(bundled(BUNDLED[0]), BUNDLED[0])
    return made
  }, [])
  useEffect(() => play.close, [play])
  const { seen, refused } = play
  return (
    <div class="play">
      <div class="hand">
        <section class="card" aria-labelledby="draw-title"><h2 id="draw-title">Draw</h2><Pad play={play} /></section>
        {seen.value === null ? null : <Prediction play={play} seen={seen.value} />}
      </div>
      <Sight play={play} />
      <div class="learn">
        <p class="refused" role="alert">{refused.value}</p>
        <ModelCard play={play} document={store.history.value.present.document} />
        <TrainingCard play={play} />
      </div>
    </div>
  )
}
