// The settings of a layer as a form: every change that the schema accepts changes the document at once.
import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import type { LayerDefinition } from '../../spec/layer.ts'
import { withConfig } from '../model/edit.ts'
import { accepts, check, type Entry, type Field, formOf, initial } from '../model/form.ts'
import { Lines } from './parts.tsx'
import type { Store } from './store.ts'

type Config = Readonly<Record<string, unknown>>

interface FieldProps {
  readonly field: Field
  readonly value: unknown
  /** What it is called where it stands. */
  readonly name: string
  readonly id: string
  readonly described: string | undefined
  readonly onValue: (value: unknown) => void
}

/** The places of a tuple, by how many there are, at the top and below. */
const PLACES: Readonly<Record<number, readonly string[]>> = { 1: ['length'], 2: ['height', 'width'], 3: ['depth', 'height', 'width'] }
const SIDES = ['before', 'after']

function NumberField({ field, value, name, id, described, onValue }: FieldProps & { readonly field: Extract<Field, { type: 'number' }> }) {
  // What is being typed may be no number yet: "", "1e".
  const text = useSignal<string | null>(null)
  return (
    <input
      type="number" id={id} aria-label={name} aria-describedby={described} aria-invalid={described === undefined ? undefined : true}
      min={field.least} max={field.most} step={field.whole ? 1 : 'any'} value={text.value ?? String(value)}
      onInput={(event) => {
        const typed = event.currentTarget.value
        text.value = typed
        onValue(typed.trim() === '' ? undefined : Number(typed))
      }}
      onBlur={() => { text.value = null }}
    />
  )
}

function ListField({ value, name, id, described, onValue }: FieldProps) {
  const text = useSignal<string | null>(null)
  const shown = Array.isArray(value) ? value.join(', ') : ''
  return (
    <input
      type="text" inputmode="numeric" id={id} aria-label={`${name}, numbers with commas between them`} aria-describedby={described}
      aria-invalid={described === undefined ? undefined : true} value={text.value ?? shown}
      onInput={(event) => {
        const typed = event.currentTarget.value
        text.value = typed
        onValue(typed.trim() === '' ? [] : typed.split(',').map((one) => (one.trim() === '' ? undefined : Number(one))))
      }}
      onBlur={() => { text.value = null }}
    />
  )
}

function TupleField({ field, value, name, id, described, onValue }: FieldProps & { readonly field: Extract<Field, { type: 'tuple' }> }) {
  const values = Array.isArray(value) ? value as readonly unknown[] : []
  const isNested = field.items.some(({ type }) => type === 'tuple')
  const places = /(height|width|depth|length)$/.test(name) ? SIDES : PLACES[field.items.length] ?? []
  return (
    <div class={isNested ? 'tuple nested' : 'tuple'} role="group" aria-label={name}>
      {field.items.map((item, index) => {
        const place = places[index] ?? String(index + 1)
        return (
          <label key={index} class="place">
            <span>{place}</span>
            <FieldInput
              field={item} value={values[index]} name={`${name} ${place}`} id={`${id}-${index}`} described={described}
              onValue={(one) => onValue(field.items.map((_item, other) => (other === index ? one : values[other])))}
            />
          </label>
        )
      })}
    </div>
  )
}

/** What a branch of a union is called where it is chosen. */
const branchName = (branch: Field): string =>
  (branch.type === 'record' ? branch.keys.map(({ key }) => key).join(', ') : branch.type === 'tuple' || branch.type === 'list' ? 'numbers' : branch.type)

function EitherField({ field, value, name, id, described, onValue }: FieldProps & { readonly field: Extract<Field, { type: 'either' }> }) {
  const words = field.branches.flatMap((branch) => (branch.type === 'choice' ? branch.options : []))
  const others = field.branches.filter(({ type }) => type !== 'choice')
  const isWord = typeof value === 'string' && words.includes(value)
  const branch = isWord ? null : others.find((one) => accepts(one, value)) ?? others[0] as Field
  const chosen = isWord ? value : `:${others.indexOf(branch as Field)}`
  return (
    <div class="either">
      <select
        id={id} aria-label={name} aria-describedby={described} value={chosen}
        onChange={(event) => {
          const text = event.currentTarget.value
          onValue(text.startsWith(':') ? initial(others[Number(text.slice(1))] as Field) : text)
        }}
      >
        {words.map((word) => <option key={word} value={word}>{word}</option>)}
        {others.map((one, index) => <option key={index} value={`:${index}`}>{branchName(one)}</option>)}
      </select>
      {branch === null ? null : <FieldInput field={branch} value={value} name={name} id={`${id}-is`} described={described} onValue={onValue} />}
    </div>
  )
}

function RecordField({ field, value, id, described, onValue }: FieldProps & { readonly field: Extract<Field, { type: 'record' }> }) {
  const values = (value ?? {}) as Config
  return (
    <div class="tuple">
      {field.keys.map(({ key, field: own }) => (
        <label key={key} class="place">
          <span class="kept">{key}</span>
          <FieldInput field={own} value={values[key]} name={key} id={`${id}-${key}`} described={described} onValue={(one) => onValue({ ...values, [key]: one })} />
        </label>
      ))}
    </div>
  )
}

function JsonField({ value, name, id, described, onValue }: FieldProps) {
  const read = (text: string): unknown => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      // No JSON yet is a text, which the schema has a word for.
      return text
    }
  }
  return <input type="text" id={id} aria-label={name} aria-describedby={described} value={JSON.stringify(value)} onChange={(event) => onValue(read(event.currentTarget.value))} />
}

function FieldInput(props: FieldProps) {
  const { field, value, name, id, described, onValue } = props
  switch (field.type) {
    case 'boolean': return <input type="checkbox" id={id} aria-label={name} aria-describedby={described} checked={value === true} onChange={(event) => onValue(event.currentTarget.checked)} />
    case 'choice': return (
      <select id={id} aria-label={name} aria-describedby={described} value={String(value)} onChange={(event) => onValue(event.currentTarget.value)}>
        {field.options.map((option) => <option key={option} value={option}>{option}</option>)}
      </select>
    )
    case 'number': return <NumberField {...props} field={field} />
    case 'tuple': return <TupleField {...props} field={field} />
    case 'list': return <ListField {...props} />
    case 'record': return <RecordField {...props} field={field} />
    case 'either': return <EitherField {...props} field={field} />
    case 'json': return <JsonField {...props} />
  }
}

interface RowProps {
  readonly entry: Entry
  readonly value: unknown
  readonly fault: string | undefined
  readonly meaning: string | undefined
  readonly onValue: (value: unknown) => void
}

function Row({ entry: { key, field }, value, fault, meaning, onValue }: RowProps) {
  const id = useId()
  return (
    <div class="setting">
      <label for={id} title={meaning}>{key}</label>
      <div>
        <FieldInput field={field} value={value} name={key} id={id} described={fault === undefined ? undefined : `${id}-fault`} onValue={onValue} />
        {fault === undefined ? null : <p class="fault" id={`${id}-fault`} role="alert">{fault}</p>}
      </div>
    </div>
  )
}

interface SettingsProps {
  readonly store: Store
  readonly id: string
  readonly definition: LayerDefinition
  readonly config: unknown
  /** What each key is for. */
  readonly meanings: Readonly<Record<string, string>>
}

/** The form. What the schema refuses stays in the form, with its words, until it is mended or left. */
export function Settings({ store, id, definition, config, meanings }: SettingsProps) {
  const draft = useSignal<Config | null>(null)
  const stored = config as Config
  const shown = draft.value ?? stored
  const entries = formOf(definition, stored)
  const checked = check(definition, shown)
  const faults: Readonly<Record<string, string>> = 'faults' in checked ? checked.faults : {}
  const set = (key: string, value: unknown): void => {
    const next: Config = { ...shown, [key]: value }
    const result = check(definition, next)
    if ('faults' in result) {
      draft.value = next
      return
    }
    draft.value = null
    store.edit(withConfig(store.history.value.present.document, id, result.config), `${id}\n${key}`)
  }
  const given = Object.entries(stored)
  if (entries.length === 0 && given.length === 0) return <p class="soft">It takes no settings.</p>
  if (entries.length === 0) {
    return <><Lines lines={given.map(([key, value]) => [key, JSON.stringify(value)])} /><p class="soft">They are changed in the file of the model.</p></>
  }
  return (
    <form class="settings" aria-label={`Settings of ${id}`} onSubmit={(event) => event.preventDefault()} onFocusOut={() => store.endEdit()}>
      {entries.map((entry) => (
        <Row key={entry.key} entry={entry} value={shown[entry.key]} fault={faults[entry.key]} meaning={meanings[entry.key]} onValue={(value) => set(entry.key, value)} />
      ))}
      {faults[''] === undefined ? null : <p class="fault" role="alert">{faults['']}</p>}
      {draft.value === null ? null : <button type="button" class="action" onClick={() => { draft.value = null }}>Back to what fits</button>}
    </form>
  )
}
