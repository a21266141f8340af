// What units see, in the page: the field over an image, path counts, the page of the layer.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DESKTOP, documentOf, expectNoOverflow, launch, openViewer, PHONE, picture, violations } from '../support/browser.ts'

let browser: Browser
beforeAll(async () => { browser = await launch() })
afterAll(() => browser.close())

const details = (page: Page) => page.getByRole('complementary', { name: 'Details' })
const select = (page: Page, id: string) => page.locator(`.drawing .box[data-id="${id}"]`).click()

describe.each([['desktop', DESKTOP], ['phone', PHONE]] as const)('on a %s', (name, size) => {
  test('a unit shows the pixels that it sees, and another one others', async () => {
    const page = await openViewer(browser, { document: documentOf('lenet5'), rest: '#n=c3', size })
    await page.getByRole('spinbutton', { name: 'unit row' }).fill('0')
    await page.getByRole('spinbutton', { name: 'unit column' }).fill('0')
    await details(page).getByText('rows 0 to 13, columns 0 to 13: 196 pixels').waitFor()
    await page.getByRole('group', { name: /^The units of the output/ }).press('ArrowDown')
    await details(page).getByText('rows 2 to 15, columns 0 to 13: 196 pixels').waitFor()
    await details(page).getByText('What one unit sees').scrollIntoViewIfNeeded()
    await expectNoOverflow(page)
    await picture(page, `field-${name}`)
    expect(await violations(page)).toEqual([])
  })

  test('the map of paths counts them at each pixel', async () => {
    const page = await openViewer(browser, { document: documentOf('dilatedMini'), size })
    await page.getByRole('combobox', { name: 'Find a layer' }).fill('conv2d')
    await page.getByRole('combobox', { name: 'Find a layer' }).press('Enter')
    await details(page).getByText('Gridding: paths per pixel').click()
    const map = details(page).getByRole('group', { name: /^Paths from the pixels/ })
    await map.waitFor()
    await map.press('ArrowLeft')
    expect(await details(page).locator('.readout').textContent()).toMatch(/^row \d+, column \d+: [\d,]+ paths?$/)
    await details(page).getByText(/offsets used/).first().waitFor()
    await map.scrollIntoViewIfNeeded()
    await picture(page, `gridding-${name}`)
    expect(await violations(page)).toEqual([])
  })
})

test('a unit is chosen with the mouse', async () => {
  const page = await openViewer(browser, { document: documentOf('lenet5') })
  await select(page, 'c1')
  const units = page.getByRole('group', { name: /^The units of the output/ })
  await units.click({ position: { x: 2, y: 2 } })
  await details(page).getByText('rows 0 to 4, columns 0 to 4: 25 pixels').waitFor()
})

test('what sees everything says so', async () => {
  const page = await openViewer(browser, { document: documentOf('lenet5') })
  await select(page, 'f6')
  await details(page).getByText(/which pixels of image a unit sees is not known|sees/).first().waitFor()
  await details(page).getByText('Gridding: paths per pixel').click()
  await details(page).getByText('Its units see everything, or lie on no grid of an image.').waitFor()
})

test('a layer has its page: description, formula, settings, source', async () => {
  const page = await openViewer(browser, { document: documentOf('lenet5') })
  await select(page, 'c1')
  const about = details(page).locator('.about')
  await about.getByText('Two-dimensional convolution').waitFor()
  expect(await about.textContent()).toContain('out = floor((in + P − D(K−1) − 1)/S) + 1')
  expect(await about.getByRole('link').getAttribute('href')).toContain('doi.org')
  expect(await details(page).getByText('dilationRate', { exact: true }).first().getAttribute('title')).toContain('Distance between')
  await about.scrollIntoViewIfNeeded()
  await picture(page, 'about-desktop')
})
