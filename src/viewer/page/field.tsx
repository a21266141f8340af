// What one unit of a node sees of an image; the unit is chosen in the map of the node's output.
import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { UnitView } from '../../analysis/unit.ts'
import type { GraphNode } from '../../graph/graph.ts'
import { inImage } from '../../report/heat.ts'
import { viewLines } from '../../report/unit.ts'
import type { Dims } from '../../spec/tensor.ts'
import { sampleImage } from '../model/sample.ts'
import { fieldOver } from '../model/shades.ts'
import { useAsked } from './asked.ts'
import { Counting, Lines } from './parts.tsx'
import { Pixels } from './pixels.tsx'
import type { Store } from './store.ts'

const isNumber = (size: number | null): size is number => size !== null

function ViewPicture({ view }: { readonly view: UnitView }) {
  const { map, shape, first, last, input } = view
  const picture = useMemo(() => {
    const plane = inImage(map, shape.slice(0, -1) as readonly number[])
    return { ...plane, pixels: fieldOver(sampleImage(plane.height, plane.width, shape.at(-1) ?? 1), plane) }
  }, [view])
  const [top, bottom] = first.length < 2 ? [0, 0] : [first.at(-2) as number, last.at(-2) as number]
  const [left, right] = [first.at(-1) as number, last.at(-1) as number]
  const frame = { row: top, column: left, rows: bottom - top + 1, columns: right - left + 1 }
  return <Pixels width={picture.width} height={picture.height} pixels={picture.pixels} frames={[frame]} label={`The pixels of ${input} that the unit sees.`} />
}

interface UnitPickerProps {
  readonly shape: readonly number[]
  readonly at: readonly number[]
  readonly onUnit: (at: readonly number[]) => void
}

const AXES: Readonly<Record<number, readonly string[]>> = { 1: ['position'], 2: ['row', 'column'], 3: ['slice', 'row', 'column'] }

/** The map of a node's output: each cell is a unit. */
function UnitPicker({ shape, at, onUnit }: UnitPickerProps) {
  const [height, width] = shape.length < 2 ? [1, shape[0] as number] : [shape.at(-2) as number, shape.at(-1) as number]
  const pixels = useMemo(() => {
    const cells = new Uint8ClampedArray(height * width * 4)
    for (let cell = 0; cell < height * width; cell++) {
      const isLight = (Math.floor(cell / width) + (cell % width)) % 2 === 0
      cells.set(isLight ? [226, 233, 241, 255] : [209, 219, 231, 255], cell * 4)
    }
    return cells
  }, [height, width])
  const place = { row: shape.length < 2 ? 0 : at.at(-2) as number, column: at.at(-1) as number }
  return (
    <div class="picker">
      <Pixels
        width={width} height={height} pixels={pixels} place={place} label="The units of the output."
        onPlace={({ row, column }) => {
          const next = [...at.slice(0, -2), ...(shape.length < 2 ? [] : [row]), column]
          if (next.join() !== at.join()) onUnit(next)
        }}
      />
      <div class="shape">
        {at.map((one, axis) => {
          const name = AXES[at.length]?.[axis] ?? `axis ${axis}`
          return (
            <label key={axis} class="place"><span>{name}</span>
              <input
                type="number" min={0} max={(shape[axis] as number) - 1} value={one} aria-label={`unit ${name}`}
                onInput={(event) => {
                  const value = Number(event.currentTarget.value)
                  if (Number.isInteger(value) && value >= 0 && value < (shape[axis] as number)) onUnit(at.map((own, other) => (other === axis ? value : own)))
                }}
              />
            </label>
          )
        })}
      </div>
    </div>
  )
}

interface FieldProps {
  readonly store: Store
  readonly node: GraphNode
}

export function Field({ store, node }: FieldProps) {
  const shape = (node.site.outputs[0] as Dims).slice(0, -1)
  const known = shape.length > 0 && shape.every(isNumber)
  const chosen = useSignal<readonly number[] | null>(null)
  const fits = known && chosen.value !== null && chosen.value.length === shape.length && chosen.value.every((one, axis) => one < (shape[axis] as number))
  const at = fits ? chosen.value as readonly number[] : shape.map((size) => Math.floor((size ?? 1) / 2))
  const { document } = store.project.value
  const asked = useAsked(store, 'unit', { document, id: node.id, known: store.known.value, ...(known ? { at } : {}) }, [document, node.id, at.join()]).value
  if (asked.state === 'refused') return <p class="soft">{asked.why}.</p>
  return (
    <>
      {known ? <UnitPicker shape={shape} at={at} onUnit={(unit) => { chosen.value = unit }} /> : null}
      {asked.answer === null ? <Counting what="Counting paths" /> : asked.answer.views.map((view) => (
        <div key={view.input} class="seen-of" aria-busy={asked.state === 'asking'}>
          <ViewPicture view={view} />
          <Lines lines={viewLines(view)} />
        </div>
      ))}
    </>
  )
}
