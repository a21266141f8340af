// Large graphs: what is drawn stays little, moving draws nothing anew, blocks fold and unfold.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GraphDocument } from '../../src/graph/document.ts'
import { documentOf, launch, openViewer, picture } from '../support/browser.ts'

let browser: Browser
beforeAll(async () => { browser = await launch() })
afterAll(() => browser.close())

const LAYERS = 1000

/** A chain of layers without scopes: nothing folds it. */
const chain: GraphDocument = {
  format: 'layergraph/1', name: 'chain', inputs: [{ id: 'x', shape: [32, 32, 4] }],
  nodes: Array.from({ length: LAYERS }, (_, index) => ({
    id: `n${index}`, kind: index % 2 === 0 ? 'conv2d' : 'relu', from: [index === 0 ? 'x' : `n${index - 1}`],
    config: index % 2 === 0 ? { filters: 4, kernelSize: 3, padding: 'same' } : {},
  })),
  outputs: [{ name: 'y', from: `n${LAYERS - 1}` }],
}

const boxes = (page: Page): Promise<number> => page.locator('.drawing .box').count()

/** How many elements of the drawing are made anew or taken away while something is done. */
async function changesDuring(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const counts = { changed: 0 }
    const observer = new MutationObserver((records) => { for (const { addedNodes, removedNodes } of records) counts.changed += addedNodes.length + removedNodes.length })
    observer.observe(document.querySelector('.drawing') as Element, { childList: true, subtree: true })
    Object.assign(globalThis, { counts })
  })
  await act()
  return page.evaluate(() => (globalThis as unknown as { counts: { changed: number } }).counts.changed)
}

describe('a thousand layers', () => {
  test('are drawn as far as they are on the screen; dragging a little draws nothing anew', async () => {
    const page = await openViewer(browser, { document: chain })
    expect(await page.getByRole('complementary').textContent()).toContain(`Layers: ${LAYERS}`)
    expect(await boxes(page)).toBeGreaterThan(5)
    expect(await boxes(page)).toBeLessThan(120)
    const drag = async (): Promise<void> => {
      await page.mouse.move(700, 700)
      await page.mouse.down()
      for (let step = 1; step <= 20; step++) await page.mouse.move(700, 700 - step * 10)
      await page.mouse.up()
    }
    expect(await changesDuring(page, drag)).toBe(0)
    const before = await page.locator('.drawing .box').first().getAttribute('data-id')
    for (let turn = 0; turn < 12; turn++) await drag()
    expect(await page.locator('.drawing .box').nth(2).getAttribute('data-id')).not.toBe(before)
    expect(await boxes(page)).toBeLessThan(120)
  })

  test('are shown whole without letters, and the last one is found and changed', async () => {
    const page = await openViewer(browser, { document: chain })
    for (let turn = 0; turn < 12; turn++) await page.getByRole('button', { name: 'Zoom out' }).click()
    await page.waitForSelector('.drawing.far')
    const times = await page.evaluate(async () => {
      const frames: number[] = []
      let last = performance.now()
      for (let frame = 0; frame < 30; frame++) {
        document.querySelector('.frame')?.dispatchEvent(new WheelEvent('wheel', { deltaX: 8, deltaY: 12, bubbles: true, cancelable: true }))
        await new Promise(requestAnimationFrame)
        const now = performance.now()
        frames.push(now - last)
        last = now
      }
      return frames
    })
    console.log(`median frame while a thousand layers move: ${times.toSorted((a, b) => a - b)[15]?.toFixed(1)} ms`)
    await picture(page, 'large-desktop')
    await page.getByRole('combobox', { name: 'Find a layer' }).fill('n998')
    await page.getByRole('combobox', { name: 'Find a layer' }).press('Enter')
    await page.waitForSelector('.box.selected[data-id="n998"]')
    await page.getByRole('spinbutton', { name: 'filters' }).fill('7')
    await page.waitForFunction(() => document.querySelector('[data-id="n998"]')?.textContent?.includes('filters 7'))
  })
})

test('paths through hundreds of layers take a while: the panel says so, and leaving it ends the count', async () => {
  const page = await openViewer(browser, { document: chain, rest: '#n=n998', until: '.box.selected' })
  const details = page.getByRole('complementary', { name: 'Details' })
  const counting = page.waitForEvent('worker')
  await details.getByText('Gridding: paths per pixel').click()
  await details.getByText('Counting paths through 999 layers').waitFor()
  const ended = (await counting).waitForEvent('close')
  await page.keyboard.press('Escape')
  await ended
  expect(await details.textContent()).toContain(`Layers: ${LAYERS}`)
})

describe('blocks', () => {
  test('of a large model are folded; a double click unfolds one, its button folds it again', async () => {
    const page = await openViewer(browser, { document: documentOf('resnet50') })
    const folded = page.locator('.drawing .box[data-kind="folded"]')
    const id = await folded.first().getAttribute('data-id') as string
    await folded.first().dblclick()
    await page.waitForFunction((scope) => document.querySelector(`[data-id^="${scope}/"]`) !== null, id)
    await page.getByRole('button', { name: 'Fold into one box' }).click()
    await page.waitForSelector(`[data-id="${id}"][data-kind="folded"]`)
  })

  test('unfold with the keyboard', async () => {
    const page = await openViewer(browser, { document: documentOf('resnet50') })
    const box = page.locator('.drawing .box[data-kind="folded"]').first()
    const id = await box.getAttribute('data-id') as string
    await box.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.waitForFunction((scope) => document.querySelector(`[data-id^="${scope}/"]`) !== null, id)
  })
})
