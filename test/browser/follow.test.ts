// A training that is followed, in a browser: curves that grow, beside another run.
import type { TrainStep } from 'layergraph/runtime'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EpochRecord } from '../../src/train/history.ts'
import { EVENTS, follow } from '../../src/viewer/follow.ts'
import { DESKTOP, documentOf, expectNoOverflow, launch, openViewer, PHONE, picture, violations } from '../support/browser.ts'

let browser: Browser
beforeAll(async () => { browser = await launch() })
afterAll(() => browser.close())

const record = (epoch: number, loss: number): EpochRecord =>
  ({ epoch, loss, accuracy: 1 - loss / 2, validationLoss: null, validationAccuracy: null, learningRate: 0.01, seconds: 3 })

test.each([['desktop', DESKTOP, false], ['phone', PHONE, true]] as const)('on a %s the curves grow until the end', async (name, size, dark) => {
  let time = 0
  const others = [{ name: 'adam', history: [1, 2, 3, 4].map((epoch) => record(epoch, 1 / epoch)) }, { name: 'sgd', history: [record(1, 1.4), record(2, 0.9)] }]
  const follower = follow({ run: { name: 'digits', history: [] }, others, now: () => time += 1000 })
  const history: EpochRecord[] = []
  const update = (epoch: number, step: number): void => {
    const loss = 2 / (epoch + step / 20)
    const epochEnd = step === 20 ? record(epoch, loss * 0.8) : null
    if (epochEnd !== null) history.push(epochEnd)
    const made: TrainStep = {
      epoch, epochs: 3, step, steps: 20, loss, accuracy: 1 - loss / 4, meanLoss: loss, meanAccuracy: 1 - loss / 4, imagesPerSecond: 4321, secondsLeft: 42,
      learningRate: 0.01, epochEnd, history: [...history],
    }
    follower.step(made)
  }
  const page = await openViewer(browser, {
    size, dark, until: '.follow', document: documentOf('lenet5'), training: EVENTS, answers: { [`/${EVENTS}`]: follower.answer },
  })
  expect(await page.locator('.follow').getByRole('status').textContent()).toBe('about to start')
  expect(await page.locator('.curve').count()).toBe(2)
  for (let step = 1; step <= 20; step++) update(1, step)
  for (let step = 1; step <= 7; step++) update(2, step)
  await page.getByText('7 of 20').waitFor()
  expect(await page.locator('.curve').count()).toBe(4)
  expect(await page.locator('.curve').first().textContent()).toContain('digits')
  await expectNoOverflow(page)
  await picture(page, `follow-${name}`)
  expect(await violations(page)).toEqual([])
  await follower.end('trained')
  await page.locator('.follow').getByText('trained', { exact: true }).waitFor()
  // The graph is still a tab away.
  await page.getByRole('button', { name: 'Graph', exact: true }).click()
  await page.waitForSelector('.drawing .box[data-id="c1"]')
})

test.each([['desktop', DESKTOP, true], ['phone', PHONE, false]] as const)('on a %s runs that have ended are compared', async (name, size, dark) => {
  const runs = ['runs/adam', 'runs/sgd', 'runs/a run with a long name'].map((run, index) => ({
    name: run, history: [1, 2, 3].map((epoch) => record(epoch, (1 + index / 3) / epoch)), settings: { optimizer: run.slice(5), seed: index },
  }))
  const page = await openViewer(browser, { size, dark, document: documentOf('lenet5'), runs })
  await page.getByRole('button', { name: 'Runs', exact: true }).click()
  await page.locator('.curve svg').nth(1).waitFor()
  expect(await page.locator('.curve').first().textContent()).toContain('runs/a run with a long name')
  expect(await page.getByRole('table').locator('tbody tr').count()).toBe(3)
  expect(await page.getByRole('table').textContent()).toContain('83.33 %')
  await expectNoOverflow(page)
  await picture(page, `runs-${name}`)
  expect(await violations(page)).toEqual([])
})
