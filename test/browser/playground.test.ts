// The playground in a browser: draw, look, train, stop, go on, save, open.
import { join } from 'node:path'
import { kerasMnist } from 'layergraph/graphs'
import { createModel, loadModel } from 'layergraph/runtime'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { folder } from '../support/command.ts'
import { allDigits } from '../support/digits.ts'
import { DESKTOP, documentOf, expectNoOverflow, launch, openViewer, PHONE, picture, violations } from '../support/browser.ts'

let browser: Browser
beforeAll(async () => { browser = await launch() })
afterAll(() => browser.close())

type Options = Parameters<typeof openViewer>[1]

async function openPlayground(options: Options = {}): Promise<Page> {
  const page = await openViewer(browser, options)
  await page.getByRole('button', { name: 'Playground' }).click()
  await page.waitForSelector('.overlay canvas')
  return page
}

describe.each([['desktop', DESKTOP], ['phone', PHONE]] as const)('on a %s', (name, size) => {
  test.each([false, true])('a trained model is there at once, and axe has nothing to say (dark: %s)', async (dark) => {
    const page = await openPlayground({ size, dark })
    expect(await page.getByTestId('digit').textContent()).toBe('2')
    await expectNoOverflow(page)
    await picture(page, `playground-${name}${dark ? '-dark' : ''}`)
    expect(await violations(page)).toEqual([])
  })
})

/** Draws lines on the pad; places from 0 to 1. */
async function draw(page: Page, ...lines: readonly (readonly (readonly [x: number, y: number])[])[]): Promise<void> {
  const pad = page.getByTestId('pad')
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox() as { x: number; y: number; width: number; height: number }
  for (const line of lines) {
    for (const [index, [x, y]] of line.entries()) {
      await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: index === 0 ? 1 : 6 })
      if (index === 0) await page.mouse.down()
    }
    await page.mouse.up()
  }
}

const ONE = [[[0.5, 0.15], [0.5, 0.85]]] as const
const SEVEN = [[[0.28, 0.2], [0.72, 0.2], [0.45, 0.85]]] as const

const sees = (page: Page, digit: string): Promise<unknown> =>
  page.waitForFunction((wanted) => document.querySelector('[data-testid=digit]')?.textContent === wanted, digit)

/** What is on a canvas. */
const inkOf = (page: Page, selector: string): Promise<string> =>
  page.evaluate((one) => (document.querySelector(one) as HTMLCanvasElement).toDataURL(), selector)

/** Waits until a picture is another one than before. */
async function changed(page: Page, selector: string, before: string): Promise<void> {
  await expect.poll(() => inkOf(page, selector), { timeout: 20_000 }).not.toBe(before)
}

describe('a drawing', () => {
  test.each([['desktop', DESKTOP], ['phone', PHONE]] as const)('is read while it is drawn, on a %s', async (name, size) => {
    const page = await openPlayground({ size })
    await draw(page, ...ONE)
    await sees(page, '1')
    await page.getByRole('button', { name: 'Clear' }).click()
    await draw(page, ...SEVEN)
    await sees(page, '7')
    await picture(page, `playground-seven-${name}`)
  })

  test('by a finger too', async () => {
    const page = await openPlayground({ size: PHONE })
    const box = await page.getByTestId('pad').boundingBox() as { x: number; y: number; width: number; height: number }
    const client = await page.context().newCDPSession(page)
    const at = (y: number): { x: number; y: number } => ({ x: box.x + box.width / 2, y: box.y + y * box.height })
    await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(0.15)] })
    for (let y = 0.2; y <= 0.85; y += 0.05) await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at(y)] })
    await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await sees(page, '1')
  })

  test('may be a digit of MNIST', async () => {
    const page = await openPlayground()
    const before = await inkOf(page, '[data-testid=pad]')
    await page.getByRole('button', { name: 'A digit of MNIST' }).click()
    await changed(page, '[data-testid=pad]', before)
  })
})

test('another class, layer and unit give other pictures', async () => {
  const page = await openPlayground()
  const activation = await inkOf(page, '[data-testid=activation] canvas')
  await page.getByTitle('What speaks for 7?').click()
  await changed(page, '[data-testid=activation] canvas', activation)
  await page.getByText('speaks for 7 in relu_2').waitFor()

  const field = await inkOf(page, '[data-testid=field] canvas')
  await page.getByLabel('row').fill('1')
  await page.getByLabel('row').press('Enter')
  await page.getByText('moves unit 1, 3 of relu_2').waitFor()
  await changed(page, '[data-testid=field] canvas', field)

  await page.getByLabel('Layer', { exact: true }).selectOption('conv2d_1')
  await page.getByText('moves unit 7, 7 of conv2d_1').waitFor()
  expect(await page.locator('.maps canvas').count()).toBe(16)
  await page.locator('.maps canvas').first().click({ position: { x: 2, y: 2 } })
  await page.getByText('moves unit 0, 0 of conv2d_1').waitFor()
})

test('taps of a deformable convolution move over the drawing', async () => {
  const page = await openPlayground()
  await page.getByLabel('Model of the playground').selectOption('deformableMini')
  await page.getByText('deformableMini: 10,117 weights').waitFor()
  await sees(page, '2')
  const moving = await page.getByLabel('Layer', { exact: true }).locator('option', { hasText: 'taps move' }).getAttribute('value') as string
  await page.getByLabel('Layer', { exact: true }).selectOption(moving)
  await page.waitForSelector('[data-testid=sampling] canvas')
  const before = await inkOf(page, '[data-testid=sampling] canvas')
  await picture(page, 'playground-deformable')
  expect(await violations(page)).toEqual([])
  await draw(page, ...SEVEN)
  await sees(page, '7')
  await changed(page, '[data-testid=sampling] canvas', before)
})

const heldOut = async (page: Page): Promise<number> => Number.parseFloat(await page.getByTestId('held-out').textContent() as string)

test('from scratch it learns before one\'s eyes: curves, stop, go on, more than 95 % of digits it never saw', async () => {
  const page = await openPlayground()
  await page.getByLabel('epochs').fill('3')
  await page.getByRole('button', { name: 'From scratch' }).click()
  await page.waitForSelector('[data-testid=held-out]')
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByRole('button', { name: 'Go on' }).waitFor()
  const stopped = await page.getByTestId('course').textContent()
  expect(await page.getByRole('spinbutton', { name: 'batch' }).isDisabled()).toBe(true)
  // It does not go on by itself; drawings are read meanwhile.
  await draw(page, ...ONE)
  expect(await page.getByTestId('course').textContent()).toBe(stopped)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.waitForFunction(() => /epoch 2 of 3/.test(document.querySelector('[data-testid=course]')?.textContent ?? ''), null, { timeout: 120_000 })
  await picture(page, 'playground-training')
  await page.waitForFunction(() => /update 939 of 939/.test(document.querySelector('[data-testid=course]')?.textContent ?? ''), null, { timeout: 120_000 })
  await page.getByRole('button', { name: 'Go on' }).waitFor()
  expect(await heldOut(page)).toBeGreaterThan(95)
  expect(await page.locator('.curves svg').count()).toBe(2)
  await sees(page, '1')
  await picture(page, 'playground-trained')
  expect(await violations(page)).toEqual([])
})

describe('models', () => {
  test('are saved for the command line, and come back from it', async () => {
    const page = await openPlayground()
    const downloading = page.waitForEvent('download')
    await page.locator('.play').getByRole('button', { name: 'Download' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('convMini.safetensors')
    const path = join(folder(), 'convMini.safetensors')
    await download.saveAs(path)
    const model = await loadModel(path)
    const { test: digits } = await allDigits()
    const few = { inputs: { data: digits.inputs.data.subarray(0, 784 * 1000), shape: [1000, 28, 28, 1] }, labels: { data: digits.labels.data.subarray(0, 1000), shape: [1000] } }
    expect((await model.evaluate(few)).accuracy).toBeGreaterThan(0.97)

    const run = join(folder(), 'run')
    const { train } = await allDigits()
    const own = await createModel(kerasMnist({}), { seed: 1 })
    await own.fit({ inputs: { data: train.inputs.data.subarray(0, 784 * 500), shape: [500, 28, 28, 1] }, labels: { data: train.labels.data.subarray(0, 500), shape: [500] } }, { epochs: 1 })
    await own.save(run)
    await page.locator('.play input[type=file]').setInputFiles([join(run, 'graph.json'), join(run, 'weights.safetensors')])
    await page.getByText(`${own.graph.name}: `).waitFor()
    await page.locator('.play input[type=file]').setInputFiles(path)
    await page.getByText('convMini: 6,386 weights').waitFor()
  })

  test('that do not fit are refused with a sentence, and the one before stays', async () => {
    const page = await openPlayground({ document: documentOf('vgg16') })
    await page.getByLabel('Model of the playground').selectOption('graph')
    await page.getByRole('alert').getByText('takes 224×224×3, but the digits are 28×28×1').waitFor()
    await draw(page, ...ONE)
    await sees(page, '1')
  })

  test('of the graph tab get fresh weights', async () => {
    const page = await openPlayground()
    await page.getByLabel('Model of the playground').selectOption('graph')
    await page.getByText('mnistNet: 63,294 weights').waitFor()
    await page.getByRole('button', { name: 'From scratch' }).isEnabled()
  })
})

test('a page that is isolated from others, where threads could run, reads and learns as well', async () => {
  const page = await openPlayground({ isolated: true })
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  await page.getByRole('button', { name: 'From scratch' }).click()
  await page.waitForSelector('[data-testid=held-out]')
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByRole('button', { name: 'Go on' }).waitFor()
})
