// Which pixels a node's units use, how often, and which never.
import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { Gridding } from '../../analysis/gridding.ts'
import { ancestorsOf } from '../../analysis/paths.ts'
import { differentChecks, griddingLines, hdcLines } from '../../report/gridding.ts'
import { planeOf } from '../../report/heat.ts'
import { showCount } from '../../report/numbers.ts'
import { shadesOf } from '../model/shades.ts'
import { useAsked } from './asked.ts'
import { Counting, Lines } from './parts.tsx'
import { Pixels, type Place } from './pixels.tsx'
import type { Store } from './store.ts'

/** Fewer layers take no time worth speaking of. */
const MANY = 50

const showPaths = (count: number): string => (Number.isSafeInteger(count) ? `${showCount(count)} ${count === 1 ? 'path' : 'paths'}` : `${count.toPrecision(4)} relative`)

/** Through how many layers the paths go says what the time is needed for. */
const countingPaths = (store: Store, id: string): string => {
  const behind = ancestorsOf(store.project.value.survey.graph, id).length
  return behind < MANY ? 'Counting paths' : `Counting paths through ${showCount(behind)} layers`
}

function Map({ gridding: { map, input, id } }: { readonly gridding: Gridding }) {
  const place = useSignal<Place | null>(null)
  const picture = useMemo(() => {
    if (map === null) return null
    const plane = planeOf(map)
    return { ...plane, pixels: shadesOf(plane) }
  }, [map])
  if (picture === null) return <p class="soft">The field is too large to draw.</p>
  const { row, column } = place.value ?? { row: Math.floor(picture.height / 2), column: Math.floor(picture.width / 2) }
  const inside = row < picture.height && column < picture.width
  return (
    <>
      <Pixels width={picture.width} height={picture.height} pixels={picture.pixels} label={`Paths from the pixels of ${input} to a unit of ${id}.`} place={inside ? { row, column } : null} onPlace={(next) => { place.value = next }} />
      <p class="readout" role="status">{inside ? <>row {row}, column {column}: <b>{showPaths(picture.counts[row * picture.width + column] as number)}</b></> : null}</p>
    </>
  )
}

export function GriddingMap({ store, id }: { readonly store: Store; readonly id: string }) {
  const { document } = store.project.value
  const asked = useAsked(store, 'gridding', { document, id, known: store.known.value }, [document, id]).value
  if (asked.state === 'refused') return <p class="soft">{asked.why}.</p>
  if (asked.answer === null) return <Counting what={countingPaths(store, id)} />
  if (asked.answer.length === 0) return <p class="soft">Its units see everything, or lie on no grid of an image.</p>
  return (
    <>
      {asked.answer.map((one) => (
        <div key={one.input} class="seen-of" aria-busy={asked.state === 'asking'}>
          <Map gridding={one} />
          <Lines lines={griddingLines(one)} />
          {differentChecks(one).map((check, index) => <Lines key={index} lines={hdcLines(check)} />)}
        </div>
      ))}
    </>
  )
}
