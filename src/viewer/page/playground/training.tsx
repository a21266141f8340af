// The model: which one, how it learns, where it goes.
import { useSignal } from '@preact/signals'
import { chart, type Series } from '../../../draw/chart.ts'
import type { GraphDocument } from '../../../graph/document.ts'
import { showCount, showLoss, showShare } from '../../../report/numbers.ts'
import type { Moment, TrainingSettings } from '../../playground/protocol.ts'
import { download } from '../download.ts'
import type { Playground } from './client.ts'

/** Models that come trained with the page. */
export const BUNDLED = ['convMini', 'deformableMini'] as const

export const bundled = (name: string): { readonly url: string } => ({ url: `${name}.safetensors` })

const OF_GRAPH = 'graph'
const GRAPH_JSON = /\.json$/

interface ModelProps {
  readonly play: Playground
  /** What the graph tab shows. */
  readonly document: GraphDocument
}

/** One .safetensors file that holds all, or graph.json and weights.safetensors. */
async function openFiles(play: Playground, files: readonly File[]): Promise<void> {
  const graph = files.find(({ name }) => GRAPH_JSON.test(name))
  const weights = files.find(({ name }) => !GRAPH_JSON.test(name))
  if (weights === undefined) {
    play.refused.value = `${graph?.name ?? 'The file'} has no weights → choose weights.safetensors as well`
    return
  }
  const bytes = new Uint8Array(await weights.arrayBuffer())
  await play.open({ files: graph === undefined ? bytes : { graph: await graph.text(), weights: bytes } }, weights.name)
}

async function downloadModel(play: Playground): Promise<void> {
  const bytes = await play.save()
  if (bytes === null) return
  const name = play.model.value?.document.name ?? 'model'
  download(`${name}.safetensors`, 'application/octet-stream', bytes as Uint8Array<ArrayBuffer>)
}

export function ModelCard({ play, document }: ModelProps) {
  const model = play.model.value
  const running = play.course.value?.running === true
  const choose = (name: string): void => {
    void play.open(name === OF_GRAPH ? { document, seed: 0 } : bundled(name), name === OF_GRAPH ? OF_GRAPH : name)
  }
  const known = model !== null && [...BUNDLED, OF_GRAPH].includes(model.name)
  return (
    <section class="card" aria-labelledby="model-title">
      <h2 id="model-title">Model</h2>
      <label class="wide">Model of the playground <select disabled={running} value={model?.name ?? ''} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {known || model === null ? null : <option value={model.name}>{model.name}</option>}
        {BUNDLED.map((name) => <option key={name} value={name}>{name}, trained</option>)}
        <option value={OF_GRAPH}>{document.name} of the graph, fresh</option>
      </select></label>
      <p class="soft">{model === null ? 'Loading …' : `${model.document.name}: ${showCount(model.weights)} weights`}</p>
      <div class="row">
        <label class="action file">Open …<input type="file" multiple accept=".safetensors,.json" disabled={running}
          onChange={({ currentTarget }) => {
            void openFiles(play, [...currentTarget.files ?? []])
            currentTarget.value = ''
          }} /></label>
        <button type="button" class="action" disabled={model === null} onClick={() => void downloadModel(play)}>Download</button>
      </div>
    </section>
  )
}

function Curves({ moments }: { readonly moments: readonly Moment[] }) {
  if (moments.length === 0) return <p class="soft">Curves appear here: what it learns from, and 1,000 images that it never learns from.</p>
  const x = moments.map(({ update }) => update)
  const drawn = (title: string, series: readonly Series[], show: (value: number) => string): string =>
    chart({ title, x, xTitle: 'updates', series, show, width: 330, height: 190 })
  const html = [
    drawn('Accuracy by update', [
      { name: 'training', values: moments.map(({ accuracy }) => accuracy) }, { name: 'held out', values: moments.map(({ heldOutAccuracy }) => heldOutAccuracy) },
    ], showShare),
    drawn('Loss by update', [
      { name: 'training', values: moments.map(({ loss }) => loss) }, { name: 'held out', values: moments.map(({ heldOutLoss }) => heldOutLoss) },
    ], showLoss),
  ].join('')
  return <div class="curves" dangerouslySetInnerHTML={{ __html: html }} />
}

interface SettingProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly step: number
  readonly disabled: boolean
  readonly onChange: (value: number) => void
}

const Setting = ({ label, onChange, ...rest }: SettingProps) => (
  <label>{label} <input type="number" {...rest} onChange={({ currentTarget }) => { if (currentTarget.valueAsNumber > 0) onChange(currentTarget.valueAsNumber) }} /></label>
)

const FIRST: TrainingSettings = { epochs: 3, batchSize: 32, learningRate: 0.02 }

export function TrainingCard({ play }: { readonly play: Playground }) {
  const settings = useSignal(FIRST)
  const course = play.course.value
  const { running = false, resumable = false, moments = [] } = course ?? {}
  const change = (one: Partial<TrainingSettings>): void => { settings.value = { ...settings.value, ...one } }
  const ended = course !== null && !running && course.updates > 0 && course.updates === course.total
  const start = (fresh: boolean): void => {
    // A training that has come to its end goes on for as long again.
    if (!fresh && ended) change({ epochs: (course?.epochs ?? 0) + settings.value.epochs })
    void play.train(settings.value, fresh)
  }
  const latest = moments.at(-1)
  return (
    <section class="card training" aria-labelledby="training-title">
      <h2 id="training-title">Training <span class="soft">10,000 digits of MNIST</span></h2>
      <div class="row settings">
        <Setting label="epochs" value={settings.value.epochs} min={1} step={1} disabled={running} onChange={(epochs) => change({ epochs: Math.round(epochs) })} />
        <Setting label="batch" value={settings.value.batchSize} min={1} step={1} disabled={running || resumable} onChange={(size) => change({ batchSize: Math.round(size) })} />
        <Setting label="rate" value={settings.value.learningRate} min={0} step={0.001} disabled={running} onChange={(learningRate) => change({ learningRate })} />
      </div>
      <div class="row">
        {running
          ? <button type="button" class="action strong" onClick={() => void play.stop()}>Stop</button>
          : <button type="button" class="action strong" disabled={play.model.value === null} onClick={() => start(false)}>{resumable ? 'Go on' : 'Train on'}</button>}
        <button type="button" class="action" disabled={running || play.model.value === null} onClick={() => start(true)}>From scratch</button>
      </div>
      {course === null || course.total === 0 ? null : (
        <>
          <progress aria-label="Progress of the training" value={course.updates} max={course.total} />
          <p class="soft" data-testid="course">
            epoch {course.epoch} of {course.epochs}, update {showCount(course.updates)} of {showCount(course.total)}, {showCount(Math.round(course.imagesPerSecond))} images/s
          </p>
        </>
      )}
      {latest === undefined ? null : <p>Held-out accuracy <b data-testid="held-out">{showShare(latest.heldOutAccuracy)}</b></p>}
      <Curves moments={moments} />
    </section>
  )
}
