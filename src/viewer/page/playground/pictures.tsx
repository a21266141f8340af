// What the model sees, in pictures: overlays on the image, and feature maps.
import { useEffect, useRef } from 'preact/hooks'
import type { Plane, Seen } from '../../playground/protocol.ts'
import type { Playground } from './client.ts'
import { coldColour, heatColour, inkColour, largestOf, paintImage, paintPlane, paintReach, paintTaps } from './paint.ts'

interface OverlayProps {
  readonly id: string
  readonly title: string
  readonly words: string
  readonly seen: Seen
  readonly paint: (context: CanvasRenderingContext2D, size: number) => void
}

/** The image with something painted over it. */
function Overlay({ id, title, words, seen, paint }: OverlayProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (context != null) paint(context, paintImage(context, seen.image))
  })
  return (
    <figure class="overlay" data-testid={id}>
      <canvas ref={canvas} role="img" aria-label={`${title}: ${words}`} />
      <figcaption><b>{title}</b> <span class="soft">{words}</span></figcaption>
    </figure>
  )
}

export function Overlays({ seen }: { readonly seen: Seen }) {
  const { activation, field, reach, sampling, node, unit } = seen
  const place = `unit ${unit.join(', ')} of ${node}`
  return (
    <div class="overlays">
      {activation === null ? null : (
        <Overlay id="activation" title="Class activation" words={`speaks for ${activation.class} in ${activation.node}`} seen={seen}
          paint={(context, size) => paintPlane(context, activation, {
            size, colour: heatColour(context.canvas), most: largestOf(activation.values), opacity: 0.8, smooth: true,
          })} />
      )}
      <Overlay id="field" title="Effective receptive field" words={`moves ${place}`} seen={seen}
        paint={(context, size) => {
          const values = field.values.map(Math.sqrt)
          paintPlane(context, { ...field, values }, { size, colour: heatColour(context.canvas), most: largestOf(values), opacity: 0.9 })
          if (reach !== null) paintReach(context, reach)
        }} />
      {sampling === null ? null : (
        <Overlay id="sampling" title="Sampling points" words={`read by ${place}; squares are at rest`} seen={seen}
          paint={(context) => paintTaps(context, sampling)} />
      )}
    </div>
  )
}

interface MapProps {
  readonly plane: Plane
  readonly most: number
  readonly unit: Seen['unit']
  readonly onChoose: (unit: Seen['unit']) => void
}

const SIDE = 56

function FeatureMap({ plane, most, unit, onChoose }: MapProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (context == null) return
    context.clearRect(0, 0, SIDE, SIDE)
    paintPlane(context, plane, { size: SIDE, colour: heatColour(context.canvas), negative: coldColour(context.canvas), most })
    const [height, width] = [SIDE / plane.height, SIDE / plane.width]
    context.strokeStyle = inkColour(context.canvas)
    context.strokeRect(unit[1] * width + 0.5, unit[0] * height + 0.5, Math.max(width - 1, 2), Math.max(height - 1, 2))
  })
  const choose = ({ offsetX, offsetY, currentTarget }: MouseEvent): void => {
    const { clientWidth, clientHeight } = currentTarget as HTMLCanvasElement
    onChoose([Math.floor((offsetY / clientHeight) * plane.height), Math.floor((offsetX / clientWidth) * plane.width)])
  }
  return <canvas ref={canvas} width={SIDE} height={SIDE} onClick={choose} />
}

/** More maps than these would not be looked at. */
const MOST_MAPS = 64

interface NumberProps {
  readonly label: string
  readonly value: number
  readonly max: number
  readonly onChange: (value: number) => void
}

const Place = ({ label, value, max, onChange }: NumberProps) => (
  <label>{label} <input type="number" min={0} max={max} value={value} onChange={({ currentTarget }) => onChange(Math.min(Math.max(Math.round(currentTarget.valueAsNumber) || 0, 0), max))} /></label>
)

/** The layer that is looked at, its feature maps, and the unit whose field is shown. */
export function Features({ play, seen }: { readonly play: Playground; readonly seen: Seen }) {
  const layers = play.model.value?.layers ?? []
  const [height, width] = [seen.features[0]?.height ?? 1, seen.features[0]?.width ?? 1]
  const shown = seen.features.slice(0, MOST_MAPS)
  const most = largestOf(seen.features.map(({ values }) => largestOf(values)))
  const choose = (unit: Seen['unit']): void => { play.unit.value = unit }
  const chooseLayer = (id: string): void => {
    play.unit.value = null
    play.node.value = id
  }
  return (
    <section class="card features" aria-labelledby="features-title">
      <div class="titled">
        <h2 id="features-title">Feature maps</h2>
        <span class="row">
          <select aria-label="Layer" value={seen.node} onChange={({ currentTarget }) => chooseLayer(currentTarget.value)}>
            {layers.map(({ id, shape, moves }) => <option key={id} value={id}>{id} {shape.join('×')}{moves ? ' (taps move)' : ''}</option>)}
          </select>
          <span class="row">unit
            <Place label="row" value={seen.unit[0]} max={height - 1} onChange={(y) => choose([y, seen.unit[1]])} />
            <Place label="column" value={seen.unit[1]} max={width - 1} onChange={(x) => choose([seen.unit[0], x])} />
          </span>
        </span>
      </div>
      <div class="maps" role="img" aria-label={`${seen.features.length} feature maps of ${seen.node}, ${height}×${width}`}>
        {shown.map((plane, index) => <FeatureMap key={index} plane={plane} most={most} unit={seen.unit} onChoose={choose} />)}
      </div>
      {shown.length < seen.features.length ? <p class="soft">The first {shown.length} of {seen.features.length}.</p> : null}
    </section>
  )
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** How probable each digit is; pressing one asks which places speak for it. */
export function Prediction({ play, seen }: { readonly play: Playground; readonly seen: Seen }) {
  const best = seen.probabilities.reduce((most, value, index) => (value > (seen.probabilities[most] as number) ? index : most), 0)
  const chosen = seen.activation?.class ?? best
  return (
    <section class="card prediction" aria-labelledby="prediction-title">
      <h2 id="prediction-title">It is a <output data-testid="digit">{best}</output></h2>
      <ol>
        {[...seen.probabilities].map((share, index) => (
          <li key={index} class={index === best ? 'best' : ''}>
            <button type="button" aria-pressed={index === chosen} title={`What speaks for ${index}?`} onClick={() => { play.class.value = play.class.value === index ? null : index }}>
              <span class="digit">{index}</span>
              <span class="share"><span style={{ width: `${100 * share}%` }} /></span>
              <span class="n">{percent(share)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}
