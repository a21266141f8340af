// The page: what it is given, a store, the application.
import { render } from 'preact'
import { mnistNet } from '../../../graphs/index.ts'
import { printDocument } from '../../graph/document.ts'
import type { Given } from '../model/given.ts'
import { App } from './app.tsx'
import { createStore, type Opened } from './store.ts'

const given = JSON.parse(document.querySelector('#given')?.textContent ?? 'null') as Given | null
const first: Opened = given ?? { document: printDocument(mnistNet({})), source: mnistNet.name }
const place = document.querySelector('#app') as HTMLElement
place.replaceChildren()
render(<App store={createStore(given, first)} />, place)
