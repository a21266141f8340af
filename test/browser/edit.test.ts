// Changing a model in the page: settings, sizes, history, files, links.
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { lenet5 } from '../../graphs/index.ts'
import { layers } from '../../layers/index.ts'
import { printDocument } from '../../src/graph/document.ts'
import { conv2d, defineLayer, graph, input, pipe } from '../../src/index.ts'
import { documentText } from '../../src/viewer/model/edit.ts'
import { knownLayers } from '../../src/viewer/model/known.ts'
import { documentOf, launch, openViewer, PHONE, picture, violations } from '../support/browser.ts'

let browser: Browser
beforeAll(async () => { browser = await launch() })
afterAll(() => browser.close())

const details = (page: Page) => page.getByRole('complementary', { name: 'Details' })
const box = (page: Page, id: string) => page.locator(`.drawing .box[data-id="${id}"]`)
const title = (page: Page) => details(page).getByRole('heading', { level: 2 }).textContent()

describe('settings', () => {
  test('a number changes shapes, parameters and the drawing at once; undo and redo follow', async () => {
    const page = await openViewer(browser, { document: documentOf('lenet5') })
    await box(page, 'c1').click()
    const filters = page.getByRole('spinbutton', { name: 'filters' })
    await filters.fill('12')
    expect(await details(page).textContent()).toContain('28×28×12')
    expect(await details(page).textContent()).toContain(`${(5 * 5 * 12 + 12).toLocaleString('en-US')}`)
    await page.waitForFunction(() => document.querySelector('[data-id="c1"]')?.textContent?.includes('filters 12'))
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(await filters.inputValue()).toBe('6')
    await page.getByRole('button', { name: 'Redo' }).click()
    expect(await filters.inputValue()).toBe('12')
    await page.keyboard.press('Escape')
    expect(await details(page).textContent()).toContain('Changes since it was opened')
    await page.keyboard.press('Control+z')
    expect(await details(page).textContent()).not.toContain('Changes since it was opened')
  })

  test('what is typed in one go is one step back', async () => {
    const page = await openViewer(browser, { document: documentOf('lenet5') })
    await box(page, 'c1').click()
    const filters = page.getByRole('spinbutton', { name: 'filters' })
    await filters.press('Control+a')
    await filters.pressSequentially('128')
    expect(await details(page).textContent()).toContain('28×28×128')
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(await filters.inputValue()).toBe('6')
  })

  test('what the schema refuses is said in its words, and changes nothing', async () => {
    const page = await openViewer(browser, { document: documentOf('lenet5') })
    await box(page, 'c1').click()
    await page.getByRole('spinbutton', { name: 'filters' }).fill('0')
    expect(await page.getByRole('alert').textContent()).toContain('filters: Too small')
    expect(await details(page).textContent()).toContain('28×28×6')
    expect(await page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true)
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Back to what fits' }).click()
    expect(await page.getByRole('spinbutton', { name: 'filters' }).inputValue()).toBe('6')
  })

  test('a choice, a union and its numbers', async () => {
    const page = await openViewer(browser, { document: documentOf('lenet5') })
    await box(page, 'c3').click()
    const padding = page.getByRole('combobox', { name: 'padding' })
    await padding.selectOption('same')
    expect(await details(page).textContent()).toContain('14×14×16')
    await padding.selectOption({ label: 'numbers' })
    await page.getByRole('spinbutton', { name: 'padding height before' }).fill('3')
    expect(await details(page).textContent()).toContain('13×10×16')
    await page.getByRole('checkbox', { name: 'useBias' }).uncheck()
    expect(await details(page).textContent()).toContain('2,400')
  })

  test('what breaks the graph is said at its node, and nothing is lost', async () => {
    const page = await openViewer(browser, { document: documentOf('lenet5') })
    await box(page, 'c3').click()
    await page.getByRole('spinbutton', { name: 'kernelSize height' }).fill('40')
    expect(await details(page).textContent()).toContain('shape/window-too-large')
    await page.waitForSelector('[data-id="c3"][data-kind="unfit"]')
    expect(await page.locator('.drawing .box').count()).toBe(documentOf('lenet5').nodes.length + 2)
    await picture(page, 'broken-desktop')
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await details(page).getByRole('button', { name: 'c3' }).first().click()
    await page.getByRole('spinbutton', { name: 'kernelSize height' }).fill('5')
    await page.waitForSelector('[data-id="c3"][data-kind="convolution"]')
  })
})

test('the size of the image is a setting too', async () => {
  const page = await openViewer(browser, { document: documentOf('resnet18') })
  await page.getByRole('spinbutton', { name: 'image height' }).fill('112')
  await page.waitForFunction(() => document.querySelector('[data-id="in:image"]')?.textContent?.includes('112×224×3'))
})

test('a finding leads to its node', async () => {
  const page = await openViewer(browser)
  await details(page).locator('.findings').getByRole('button', { name: 'maxPool2d_2' }).click()
  expect(await title(page)).toBe('maxPool2d_2')
  await page.waitForSelector('.box.selected[data-id="maxPool2d_2"]')
})

describe('files', () => {
  test('a graph document is opened by drag and drop; another file is refused in words', async () => {
    const page = await openViewer(browser)
    const drop = async (name: string, text: string): Promise<void> => {
      const data = await page.evaluateHandle(([file, content]) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([content as string], file as string, { type: 'application/json' }))
        return transfer
      }, [name, text])
      await page.dispatchEvent('#app', 'dragover', { dataTransfer: data })
      await page.dispatchEvent('#app', 'drop', { dataTransfer: data })
    }
    await drop('lenet.json', documentText(documentOf('lenet5')))
    await box(page, 'f6').waitFor()
    expect(await title(page)).toBe('lenet5')
    await drop('notes.json', '{"format": "other"}')
    expect(await page.locator('.problem').textContent()).toContain('notes.json is not a graph document')
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Close' }).click()
    expect(await title(page)).toBe('lenet5')
  })

  test('a graph document is opened from a file, and saved as it is', async () => {
    const page = await openViewer(browser)
    await page.getByLabel('Graph document', { exact: true }).setInputFiles({ name: 'l.json', mimeType: 'application/json', buffer: Buffer.from(documentText(documentOf('lenet5'))) })
    await box(page, 'c1').click()
    await page.getByRole('spinbutton', { name: 'filters' }).fill('8')
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the graph document' }).click()])
    expect(saved.suggestedFilename()).toBe('lenet5.json')
    const document = documentOf('lenet5')
    const changed = { ...document, nodes: document.nodes.map((node) => (node.id === 'c1' ? { ...node, config: { ...node.config, filters: 8 } } : node)) }
    expect(JSON.parse(await readFile(await saved.path(), 'utf8'))).toEqual(changed)
    const [drawn] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the drawing' }).click()])
    expect(await readFile(await drawn.path(), 'utf8')).toMatch(/^<svg .*filters 8/s)
  })
})

describe('links', () => {
  test('a copied link holds the changed model and the node', async () => {
    const page = await openViewer(browser, { document: documentOf('lenet5') })
    await box(page, 'c1').click()
    await page.getByRole('spinbutton', { name: 'filters' }).fill('9')
    await page.getByRole('button', { name: 'Copy a link to this' }).click()
    await page.getByText('The link is copied.').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    const other = await openViewer(browser, { rest: new URL(link).hash, until: '.box.selected' })
    expect(await title(other)).toBe('c1')
    expect(await other.getByRole('spinbutton', { name: 'filters' }).inputValue()).toBe('9')
    expect(await details(other).textContent()).toContain(`28×28×9`)
  })

  test('the address follows, so that nothing is lost when the page is loaded anew', async () => {
    const page = await openViewer(browser, { rest: '#m=lenet5&n=c3' })
    expect(await title(page)).toBe('c3')
    await page.getByRole('spinbutton', { name: 'filters' }).fill('20')
    await page.waitForFunction(() => location.hash.startsWith('#g='))
    await page.reload()
    await page.waitForSelector('.box.selected')
    expect(await page.getByRole('spinbutton', { name: 'filters' }).inputValue()).toBe('20')
  })

  test('carry what is known of layers of one\'s own', async () => {
    const every = defineLayer({
      kind: 'everyOther', category: 'pooling', summary: 'Keeps every other pixel.', config: z.strictObject({}), examples: [{ config: {}, inputs: [[8, 8, 3]] }],
      infer: ({ inputs: [x] }) => ({ outputs: [[(x?.[0] ?? 0) / 2, (x?.[1] ?? 0) / 2, x?.[2] ?? null]] }),
      macs: () => 17, field: () => ({ rule: 'window', size: [1, 1], strides: [2, 2], dilations: [1, 1], pads: [[0, 0], [0, 0]] }), forward: (_op, _site, [x]) => x as never,
    })
    const image = input([16, 16, 3])
    const own = graph({ name: 'own', inputs: { image }, outputs: { y: pipe(image, every(), conv2d({ filters: 4, kernelSize: 3 })) } })
    const page = await openViewer(browser, { document: printDocument(own), layers: knownLayers(own, layers) })
    await box(page, 'everyOther').click()
    await page.getByRole('button', { name: 'Copy a link to this' }).click()
    await page.getByText('The link is copied.').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    const other = await openViewer(browser, { rest: new URL(link).hash, until: '.box.selected' })
    expect(await title(other)).toBe('everyOther')
    expect(await details(other).textContent()).toContain('Keeps every other pixel.')
    expect(await details(other).textContent()).toContain('8×8×3')
    await box(other, 'conv2d').click()
    await details(other).getByText('rows 6 to 10').waitFor()
    await other.keyboard.press('Escape')
    expect(await details(other).textContent()).not.toContain('unknown')
  })

  test('lead to the playground', async () => {
    const page = await openViewer(browser)
    await page.getByRole('button', { name: 'Playground' }).click()
    await page.waitForFunction(() => location.hash.includes('v=playground'))
    await openViewer(browser, { rest: '#v=playground', until: '.overlay canvas' })
  })

  test('that lead nowhere are refused in words', async () => {
    const page = await openViewer(browser, { rest: '#m=nothing', size: PHONE })
    expect(await page.locator('.problem').textContent()).toContain('there is no built-in model "nothing"')
  })
})

test('lenet5 is what the tests above take it for', () => {
  expect(lenet5({}).nodes.map(({ id }) => id)).toEqual(['c1', 's2', 'c3', 's4', 'c5', 'flatten', 'f6', 'output'])
})
