// The viewer's page in a browser: what a user does with the graph.
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveViewer } from '../../src/viewer/serve.ts'
import { DESKTOP, documentOf, expectNoOverflow, launch, openViewer, PHONE, picture, VIEWER, violations } from '../support/browser.ts'

let browser: Browser
beforeAll(async () => { browser = await launch() })
afterAll(() => browser.close())

describe.each([['desktop', DESKTOP], ['phone', PHONE]] as const)('on a %s', (name, size) => {
  test('shows the graph and its numbers, light and dark, without a complaint of axe', async () => {
    for (const dark of [false, true]) {
      const page = await openViewer(browser, { size, dark })
      expect(await page.getByRole('complementary', { name: 'Details' }).textContent()).toContain('mnistNet')
      await expectNoOverflow(page)
      await picture(page, `overview-${name}${dark ? '-dark' : ''}`)
      expect(await violations(page)).toEqual([])
      await page.locator('.drawing .box[data-id="conv2d"]').click()
      await page.getByRole('button', { name: 'Show all' }).click()
      await page.locator('.drawing .box').nth(documentOf('mnistNet').nodes.length + 1).waitFor({ state: 'attached' })
      await picture(page, `node-${name}${dark ? '-dark' : ''}`)
      expect(await violations(page)).toEqual([])
    }
  })
})

test('a first visit loads less than 300 kB compressed, and neither playground nor tfjs', async () => {
  const context = await browser.newContext({ viewport: DESKTOP })
  const page = await context.newPage()
  const server = await serveViewer({ folder: VIEWER, given: { document: documentOf('mnistNet'), source: 'mnistNet' } })
  const answers: { readonly name: string; readonly bytes: Promise<number> }[] = []
  page.on('response', (response) => answers.push({
    name: new URL(response.url()).pathname, bytes: response.body().then((body) => gzipSync(body).length),
  }))
  await page.goto(server.address, { waitUntil: 'networkidle' })
  await page.waitForSelector('.drawing .box')
  const names = answers.map(({ name }) => name)
  expect(names).toContain('/viewer.js')
  expect(names).toContain('/worker.js')
  expect(names).toContain('/layers.json')
  expect(names.filter((name) => /playground|\.wasm|safetensors/.test(name))).toEqual([])
  const bytes = (await Promise.all(answers.map((answer) => answer.bytes))).reduce((sum, one) => sum + one, 0)
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(300_000)
  console.log(`a first visit loads ${Math.round(bytes / 1000)} kB compressed in ${answers.length} files`)
  await context.close()
  await server.close()
})

test('a click on a layer shows its formula with numbers; Escape goes back', async () => {
  const page = await openViewer(browser, { document: documentOf('lenet5') })
  const details = page.getByRole('complementary', { name: 'Details' })
  await page.locator('.drawing .box[data-id="c3"]').click()
  expect(await details.getByRole('heading', { level: 2 }).textContent()).toBe('c3')
  expect(await details.textContent()).toContain('RF + (K − 1) · D · stride')
  await page.keyboard.press('Escape')
  expect(await details.getByRole('heading', { level: 2 }).textContent()).toBe('lenet5')
})

test('explanations are in English or Chinese', async () => {
  const page = await openViewer(browser, { document: documentOf('lenet5'), rest: '#n=c3' })
  const derived = page.locator('.derivation').first()
  expect(await derived.locator('h4').textContent()).toMatch(/^output shape/)
  await page.getByRole('button', { name: '中文' }).click()
  expect(await derived.locator('h4').textContent()).toMatch(/^输出形状/)
  expect(await derived.textContent()).toContain('高')
  expect(await page.getByRole('button', { name: '中文' }).getAttribute('aria-pressed')).toBe('true')
  await derived.scrollIntoViewIfNeeded()
  await picture(page, 'explanation-chinese')
  expect(await violations(page)).toEqual([])
})

test('what is new in the panel is read from its beginning', async () => {
  const page = await openViewer(browser)
  const panel = page.getByRole('complementary', { name: 'Details' })
  for (const go of [() => page.locator('.drawing .box[data-id="conv2d_1"]').click(), () => page.keyboard.press('Escape'), () => page.getByRole('combobox', { name: 'Model' }).selectOption('alexnet')]) {
    await panel.evaluate((element) => element.scrollTo(0, 200))
    expect(await panel.evaluate((element) => element.scrollTop)).toBeGreaterThan(0)
    await go()
    await expect.poll(() => panel.evaluate((element) => element.scrollTop)).toBe(0)
  }
})

test('arrow keys walk along the graph', async () => {
  const page = await openViewer(browser, { document: documentOf('lenet5') })
  await page.locator('.drawing .box[tabindex="0"]').focus()
  await page.keyboard.press('Enter')
  const title = page.getByRole('complementary').getByRole('heading', { level: 2 })
  expect(await title.textContent()).toBe('c1')
  await page.keyboard.press('ArrowDown')
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-id') === 's2')
  expect(await title.textContent()).toBe('s2')
})

test('search goes to a layer', async () => {
  const page = await openViewer(browser, { document: documentOf('resnet18') })
  const field = page.getByRole('combobox', { name: 'Find a layer' })
  await field.fill('layer3 conv2d_1')
  await field.press('Enter')
  expect(await page.getByRole('complementary').getByRole('heading', { level: 2 }).textContent()).toMatch(/^layer3\/.*conv2d_1$/)
  await page.waitForSelector('.drawing .box.selected')
})

test('another built-in model, and back again', async () => {
  const page = await openViewer(browser)
  await page.getByRole('combobox', { name: 'Model' }).selectOption('lenet5')
  await page.waitForSelector('.drawing .box[data-id="f6"]')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.waitForSelector('.drawing .box[data-id="inception/concat"]')
  expect(await page.getByRole('complementary').textContent()).toContain('mnistNet')
})
