// Files: graph documents that come in, documents and drawings that go out.
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { layoutDrawing } from '../../draw/graphDrawing.ts'
import { parseDocument } from '../../graph/document.ts'
import { isLayergraphError } from '../../spec/issue.ts'
import { documentText } from '../model/edit.ts'
import { download } from './download.ts'
import { IconButton } from './icon.tsx'
import type { Store } from './store.ts'

const fileName = (name: string): string => name.replace(/[^\w.-]+/g, '_')

export function downloadDocument(store: Store): void {
  const { document } = store.history.value.present
  download(`${fileName(document.name)}.json`, 'application/json', documentText(document))
}

export function downloadDrawing(store: Store): void {
  const layout = store.layout.value
  const { name } = store.project.value.document
  if (layout !== null) download(`${fileName(name)}.svg`, 'image/svg+xml', layoutDrawing(layout, name))
}

/** Opens a graph document, or says why it is none. */
export async function openFile(store: Store, file: File): Promise<void> {
  try {
    store.open({ document: parseDocument(JSON.parse(await file.text())), source: file.name })
  } catch (error) {
    const reasons = isLayergraphError(error) ? error.issues.map(({ at, message }) => `${at}: ${message}`)
      : [`it is no JSON: ${(error as Error).message}`, 'models are saved by `layergraph json model.ts > model.json`, and as graph.json in the folder of a training']
    store.problem.value = { title: `${file.name} is not a graph document`, reasons }
  }
}

export function OpenButton({ store }: { readonly store: Store }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton name="open" label="Open a graph document" onClick={() => input.current?.click()} />
      <input
        ref={input} class="unseen" type="file" accept=".json,application/json" aria-label="Graph document" tabindex={-1}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          if (file !== undefined) void openFile(store, file)
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}

/** The whole page takes files. */
export function DropZone({ store }: { readonly store: Store }) {
  const over = useSignal(false)
  useEffect(() => {
    const ending = new AbortController()
    const { signal } = ending
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
    addEventListener('dragover', (event) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      over.value = true
    }, { signal })
    addEventListener('dragleave', (event) => { if (event.relatedTarget === null) over.value = false }, { signal })
    addEventListener('drop', (event) => {
      over.value = false
      const [file] = event.dataTransfer?.files ?? []
      if (file === undefined || event.defaultPrevented) return
      event.preventDefault()
      void openFile(store, file)
    }, { signal })
    return () => ending.abort()
  }, [store])
  return over.value ? <div class="drop">Drop a graph document to open it</div> : null
}

export function Problem({ store }: { readonly store: Store }) {
  const problem = store.problem.value
  if (problem === null) return null
  return (
    <div class="problem" role="alert">
      <div class="titled"><h2>{problem.title}</h2><IconButton name="close" label="Close" onClick={() => { store.problem.value = null }} /></div>
      <ul>{problem.reasons.slice(0, 12).map((reason) => <li key={reason}>{reason}</li>)}</ul>
    </div>
  )
}
