// The page of the viewer in Chromium: how soon the playground is alive, and how smoothly a large graph moves.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { convMini } from '../graphs/index.ts'
import { type GraphDocument, printDocument } from '../src/graph/document.ts'
import { type RunningServer } from '../src/viewer/server.ts'
import { serveViewer } from '../src/viewer/serve.ts'
import type { Limit } from './limits.ts'
import { median } from './measure.ts'

const VISITS = 7
const FRAMES = 60
const LAYERS = 1000
const SCREEN = { width: 1440, height: 900 }

/** Layers one behind the other without scopes: nothing folds them. */
const chain: GraphDocument = {
  format: 'layergraph/1', name: 'chain', inputs: [{ id: 'x', shape: [32, 32, 4] }],
  nodes: Array.from({ length: LAYERS }, (_, index) => ({
    id: `n${index}`, kind: index % 2 === 0 ? 'conv2d' : 'relu', from: [index === 0 ? 'x' : `n${index - 1}`],
    config: index % 2 === 0 ? { filters: 4, kernelSize: 3, padding: 'same' } : {},
  })),
  outputs: [{ name: 'y', from: `n${LAYERS - 1}` }],
}

async function withPage<T>(document: GraphDocument, rest: string, act: (browser: Browser, address: string) => Promise<T>): Promise<T> {
  const folder = join(fileURLToPath(new URL('..', import.meta.url)), 'dist/viewer')
  const server: RunningServer = await serveViewer({ folder, given: { document, source: document.name } })
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
  try {
    return await act(browser, server.address + rest)
  } finally {
    await browser.close()
    await server.close()
  }
}

// As text, since what a loader of TypeScript makes of functions needs helpers that a page does not have.
const DRAW = `
const look = () => {
  const pad = document.querySelector('[data-testid=pad]')
  if (pad === null) return void requestAnimationFrame(look)
  const { left, top, width, height } = pad.getBoundingClientRect()
  const send = (type, y) => pad.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, clientX: left + width / 2, clientY: top + y * height, bubbles: true }))
  // There is no such pointer, which matters only to one who leaves the pad.
  pad.setPointerCapture = () => {}
  send('pointerdown', 0.15)
  for (let y = 0.2; y <= 0.85; y += 0.05) send('pointermove', y)
  send('pointerup', 0.85)
}
const read = () => {
  if (document.querySelector('[data-testid=digit]')?.textContent !== '1') return void requestAnimationFrame(read)
  requestAnimationFrame(() => { globalThis.alive = performance.now() })
}
look()
read()`

/** Seconds until a new visitor with an empty cache, who draws a one as soon as there is a pad, sees that it was read. */
async function aliveAfter(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext({ viewport: SCREEN })
  const page = await context.newPage()
  await page.addInitScript(DRAW)
  await page.goto(address)
  const handle = await page.waitForFunction(() => (globalThis as { alive?: number }).alive)
  const milliseconds = await handle.jsonValue() as number
  await context.close()
  return milliseconds / 1000
}

const playground = (): Promise<number> => withPage(printDocument(convMini({})), '#v=playground', async (browser, address) => {
  const times: number[] = []
  for (let visit = 0; visit < VISITS; visit++) times.push(await aliveAfter(browser, address))
  return median(times)
})

/** Of so many frames while something is done before each, all but the slowest twentieth take no longer. */
async function frame(page: Page, act: string): Promise<number> {
  const times = await page.evaluate(async ([count, code]) => {
    const step = new Function('frame', code as string)
    const taken: number[] = []
    let last = await new Promise(requestAnimationFrame)
    for (let index = 0; index < (count as number); index++) {
      step(index)
      const now = await new Promise(requestAnimationFrame)
      taken.push(now - last)
      last = now
    }
    return taken
  }, [FRAMES, act] as const)
  return (times.toSorted((a, b) => a - b)[Math.floor(FRAMES * 0.95)] as number) / 1000
}

const large = (act: string): (() => Promise<number>) => () => withPage(chain, '', async (browser, address) => {
  const page = await browser.newPage({ viewport: SCREEN })
  await page.goto(address)
  await page.waitForSelector('.drawing .box')
  return frame(page, act)
})

const wheel = (init: string): string =>
  `document.querySelector('.frame').dispatchEvent(new WheelEvent('wheel', { clientX: 500, clientY: 400, bubbles: true, cancelable: true, ${init} }))`

const PAN = wheel('deltaX: 3, deltaY: 60')
const ZOOM = wheel('deltaY: frame < 30 ? 120 : -120')
const SEARCH = `const field = document.querySelector('#search')
field.focus()
field.value = 'n' + frame
field.dispatchEvent(new Event('input', { bubbles: true }))`

export const pageLimits: readonly Limit[] = [
  { name: 'playground', title: 'the playground, from its address to the first drawn digit that is read', limit: 2, measure: playground },
  { name: 'page-pan', title: 'a frame while 1,000 layers move, 95th of 100', limit: 0.034, measure: large(PAN) },
  { name: 'page-zoom', title: 'the same while they are zoomed out and in', limit: 0.034, measure: large(ZOOM) },
  { name: 'page-search', title: 'the same while a name is typed among them', limit: 0.034, measure: large(SEARCH) },
]
