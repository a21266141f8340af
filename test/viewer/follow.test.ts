// A training as events: what those hear who come early, late, and after its end.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { historyJson, type TrainStep } from 'layergraph/runtime'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readHistory, runsBeside } from '../../src/cli/runs.ts'
import type { EpochRecord } from '../../src/train/history.ts'
import { type Follower, follow } from '../../src/viewer/follow.ts'
import { accuracyOf, compareRuns, type Followed, lossOf, overlay, thin, withNews } from '../../src/viewer/model/training.ts'
import { startServer } from '../../src/viewer/server.ts'
import { folder } from '../support/command.ts'

const epoch = (number: number, loss: number, validationLoss: number | null = null): EpochRecord => ({
  epoch: number, loss, accuracy: 1 - loss, validationLoss, validationAccuracy: null, learningRate: 0.01, seconds: 2,
})

const step = (number: number, over: Partial<TrainStep> = {}): TrainStep => ({
  epoch: 1, epochs: 2, step: number, steps: 4, loss: number, accuracy: 0.5, meanLoss: 1, meanAccuracy: 0.5, imagesPerSecond: 100,
  secondsLeft: 3, learningRate: 0.01, epochEnd: null, history: [], ...over,
})

async function served(follower: Follower): Promise<string> {
  const site = folder()
  writeFileSync(join(site, 'index.html'), 'page')
  const { address, close } = await startServer({ folder: site, answers: { '/events': follower.answer } })
  onTestFinished(() => close())
  return `${address}events`
}

/** What a page makes of the stream, which must come to its end. */
async function heard(response: Response): Promise<Followed> {
  const events = (await response.text()).trim().split('\n\n').map((event) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) as unknown as [string, string, string]
    return { name, data: JSON.parse(data) as Followed }
  })
  expect(events[0]?.name).toBe('all')
  return events.slice(1).reduce((followed, { data }) => withNews(followed, data), events[0]?.data as Followed)
}

test('early or late, in the end everybody knows the same', async () => {
  let time = 0
  const run = { name: 'now', history: [] }
  const others = [{ name: 'before', history: [epoch(1, 0.4)] }]
  const follower = follow({ run, others, now: () => time })
  const address = await served(follower)
  const early = await fetch(address)
  expect(early.headers.get('content-type')).toBe('text/event-stream')
  follower.step(step(1))
  follower.step(step(2))
  const late = await fetch(address)
  time = 1000
  follower.step(step(3))
  follower.step(step(4, { epochEnd: epoch(1, 0.3), history: [epoch(1, 0.3)] }))
  await follower.end('trained')
  const [first, second, third] = [await heard(early), await heard(late), await fetch(address)]
  expect(second).toEqual(first)
  expect(first.run).toEqual({ name: 'now', history: [epoch(1, 0.3)] })
  expect(first.others).toEqual(others)
  // The second and third update came within one point.
  expect(first.points).toEqual([
    { update: 1, loss: 1, accuracy: 0.5 }, { update: 3, loss: 2.5, accuracy: 0.5 }, { update: 4, loss: 4, accuracy: 0.5 },
  ])
  expect(first.place).toMatchObject({ epoch: 1, epochs: 2, step: 4, steps: 4 })
  expect(first.ended).toBe('trained')
  const reader = (third.body as ReadableStream<Uint8Array>).getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toContain('"ended":"trained"')
  await reader.cancel()
})

describe('what is drawn', () => {
  test('runs of different lengths over the same epochs, validation where there was one', () => {
    const runs = [{ name: 'a', history: [epoch(1, 0.5, 0.6), epoch(2, 0.3, 0.4)] }, { name: 'b', history: [epoch(1, 0.7), epoch(2, 0.6), epoch(3, 0.5)] }]
    expect(overlay(runs, lossOf)).toEqual({
      x: [1, 2, 3], series: [{ name: 'a', values: [0.6, 0.4, null] }, { name: 'b', values: [0.7, 0.6, 0.5] }],
    })
    expect(overlay(runs, accuracyOf).series[0]?.values).toEqual([0.5, 0.7, null])
    expect(overlay([], lossOf)).toEqual({ x: [], series: [] })
  })

  test('of many points some, the last one among them', () => {
    const points = Array.from({ length: 1000 }, (_, update) => ({ update, loss: 1, accuracy: null }))
    const few = thin(points, 200)
    expect(few.length).toBe(200)
    expect(few.at(-1)).toBe(points[999])
    expect(thin(points, 1000)).toBe(points)
  })
})

test('runs beside a folder are those that have trained; a damaged history is named', () => {
  const runs = folder()
  for (const name of ['a', 'b', 'c']) mkdirSync(join(runs, name))
  writeFileSync(join(runs, 'a/history.json'), historyJson([epoch(1, 0.5)]))
  writeFileSync(join(runs, 'c/history.json'), historyJson([epoch(1, 0.5)]))
  expect(runsBeside(join(runs, 'c'))).toEqual([{ name: 'a', history: [epoch(1, 0.5)] }])
  expect(readHistory(join(runs, 'b'))).toEqual([])
  expect(runsBeside(join(runs, 'none/deeper'))).toEqual([])
  writeFileSync(join(runs, 'b/history.json'), '[')
  expect(() => runsBeside(join(runs, 'c'))).toThrow('history.json: is not JSON')
})

describe('runs beside each other', () => {
  const runs = [
    { name: 'a', history: [epoch(1, 0.5), epoch(2, 0.25)], settings: { optimizer: 'adam', seed: 1, epochs: 2 } },
    { name: 'b', history: [epoch(1, 0.5, 0.75)], settings: { optimizer: 'sgd', seed: 1, epochs: 1, momentum: 0.9 } },
    { name: 'c', history: [epoch(1, 0.5)] },
  ]

  test('show the settings in which they differ, and how they ended', () => {
    expect(compareRuns(runs.slice(0, 2))).toEqual({
      head: ['run', 'optimizer', 'momentum', 'epochs', 'loss', 'accuracy', 'validation loss', 'time'],
      rows: [
        ['a', 'adam', '–', '2', '0.2500', '75.00 %', '–', '4 s'],
        ['b', 'sgd', '0.9', '1', '0.5000', '50.00 %', '0.7500', '2 s'],
      ],
    })
  })

  test('need no settings', () => {
    expect(compareRuns(runs.slice(2)).rows).toEqual([['c', '1', '0.5000', '50.00 %', '2 s']])
  })
})
