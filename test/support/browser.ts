// The viewer in Debian's Chromium: a server, a page, and everything that the page complains about.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import axe from 'axe-core'
import { expect, onTestFinished } from 'vitest'
import { graphs } from '../../graphs/index.ts'
import { type GraphDocument, printDocument } from '../../src/graph/document.ts'
import type { KnownLayer } from '../../src/viewer/model/known.ts'
import type { Run } from '../../src/viewer/model/training.ts'
import { serveViewer, type ViewerOptions } from '../../src/viewer/serve.ts'
import { ROOT } from './command.ts'

export const VIEWER = join(ROOT, 'dist/viewer')
/** Pictures for people to look at; not kept in the repository. */
const PICTURES = join(ROOT, 'coverage/browser')

export const DESKTOP = { width: 1440, height: 900 } as const
export const PHONE = { width: 390, height: 844 } as const

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })

/** The document of a built-in model. */
export function documentOf(name: string): GraphDocument {
  const model = graphs.find((one) => one.name === name)
  if (model === undefined) throw new Error(`there is no model ${name}`)
  return printDocument(model({}))
}

export interface OpenOptions extends Partial<Pick<ViewerOptions, 'report' | 'answers'>> {
  readonly document?: GraphDocument
  /** Trainings to compare. */
  readonly runs?: readonly Run[]
  /** What is known of layers of one's own. */
  readonly layers?: readonly KnownLayer[]
  /** What stands behind the address: "?…#…". */
  readonly rest?: string
  readonly size?: { readonly width: number; readonly height: number }
  readonly dark?: boolean
  /** Isolated from other origins, so that memory may be shared with threads. */
  readonly isolated?: boolean
  /** The address of the events of a training. */
  readonly training?: string
  /** Default: until the drawing is there. */
  readonly until?: string
}

/** A page with the viewer of a model, gone after the test. The test fails when the page has complained. */
export async function openViewer(browser: Browser, options: OpenOptions = {}): Promise<Page> {
  const { document = documentOf('mnistNet'), size = DESKTOP, rest = '', dark = false, isolated = false, training, layers, runs, until = '.drawing .box', ...others } = options
  const server = await serveViewer({ folder: VIEWER, given: { document, source: document.name, ...(training === undefined ? {} : { training }), ...(layers === undefined ? {} : { layers }), ...(runs === undefined ? {} : { runs }) }, ...others })
  const context = await browser.newContext({ viewport: size, colorScheme: dark ? 'dark' : 'light', acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  if (isolated) {
    await page.route('**/*', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, headers: { ...response.headers(), 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' } })
    })
  }
  const complaints: string[] = []
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()) })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('requestfailed', (request) => {
    // A worker that a newer question ends while it is still being loaded.
    const why = request.failure()?.errorText
    if (why !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${why}`)
  })
  onTestFinished(async () => {
    await context.close()
    await server.close()
    expect(complaints).toEqual([])
  })
  await page.goto(server.address + rest)
  await page.waitForSelector(until)
  return page
}

/** What axe has to say against the page. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const found = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html.slice(0, 200)} ${any.map(({ message }) => message).join('; ')}`))
}

/** A picture of the page, for people. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name}.png`) })
}

/** Nothing of the page is wider than the screen. */
export async function expectNoOverflow(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
}
