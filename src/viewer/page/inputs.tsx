// The sizes of the graph's inputs, to be changed; an empty one is not known.
import type { Dims } from '../../spec/tensor.ts'
import { withShape } from '../model/edit.ts'
import type { Store } from './store.ts'

const AXES: Readonly<Record<number, readonly string[]>> = { 2: ['length', 'channels'], 3: ['height', 'width', 'channels'], 4: ['depth', 'height', 'width', 'channels'] }

interface ShapeProps {
  readonly store: Store
  readonly id: string
  readonly shape: Dims
}

function Shape({ store, id, shape }: ShapeProps) {
  const set = (axis: number, text: string): void => {
    const size = text.trim() === '' ? null : Number(text)
    if (size !== null && !(Number.isSafeInteger(size) && size > 0)) return
    const next = shape.map((one, index) => (index === axis ? size : one))
    store.edit(withShape(store.history.value.present.document, id, next), `in:${id}\n${axis}`)
  }
  return (
    <div class="shape" role="group" aria-label={`Shape of ${id}`} onFocusOut={() => store.endEdit()}>
      <span>{id}</span>
      {shape.map((size, axis) => {
        const name = AXES[shape.length]?.[axis] ?? `axis ${axis}`
        return <input key={axis} type="number" min={1} step={1} placeholder="?" aria-label={`${id} ${name}`} title={name} value={size ?? ''} onInput={(event) => set(axis, event.currentTarget.value)} />
      })}
    </div>
  )
}

export const Inputs = ({ store }: { readonly store: Store }) => (
  <>{store.project.value.document.inputs.map(({ id, shape }) => <Shape key={id} store={store} id={id} shape={shape} />)}</>
)
