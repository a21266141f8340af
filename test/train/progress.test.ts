// Progress on a terminal that is none: what is written to it, and what a reader would see.
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { showProgress, type TrainStep } from 'layergraph/runtime'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const step = (over: Partial<TrainStep>): TrainStep => ({
  epoch: 1, epochs: 10, step: 1, steps: 40, loss: 1, accuracy: 0.5, meanLoss: 0.98765, meanAccuracy: 0.51234, imagesPerSecond: 1234.5,
  secondsLeft: 92, learningRate: 0.01, epochEnd: null, history: [], ...over,
})
const epochEnd = { epoch: 1, loss: 0.5, accuracy: 0.9, validationLoss: 0.4, validationAccuracy: 0.95, learningRate: 0.01, seconds: 3723 }

function stream({ terminal }: { terminal: boolean }): { out: NodeJS.WriteStream; written: () => string } {
  const out = Object.assign(new PassThrough(), { isTTY: terminal, columns: 120 }) as unknown as NodeJS.WriteStream
  let text = ''
  out.on('data', (chunk: Buffer) => { text += chunk.toString() })
  return { out, written: () => text }
}

/** The lines a reader sees: what a carriage return or a cleared line wrote over is gone. */
const seen = (text: string): string[] => text.split('\n').map((line) => stripVTControlCharacters(line.split(/\u001b\[1G/).at(-1) as string))

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('on a terminal', () => {
  test('one line moves, and an epoch leaves one line', () => {
    const { out, written } = stream({ terminal: true })
    const show = showProgress(out)
    for (let i = 1; i < 40; i++) {
      show(step({ step: i }))
      vi.advanceTimersByTime(100)
    }
    expect(written()).not.toContain('\n')
    expect(seen(written())).toEqual(['epoch  1/10  ███████████████████████░ 39/40  loss 0.9877  accuracy 51.23 %  1,235 images/s  1:32 left'])
    show(step({ step: 40, epochEnd }))
    expect(seen(written())).toEqual(['epoch  1/10  loss 0.5000  accuracy 90.00 %  validation loss 0.4000  validation accuracy 95.00 %  1,235 images/s  1:02:03', ''])
    show(step({ epoch: 2, step: 1 }))
    show.stop()
    expect(seen(written()).slice(1)).toEqual([''])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('the cursor comes back, and the line is clear, when a training stops', () => {
    const { out, written } = stream({ terminal: true })
    const show = showProgress(out)
    show(step({}))
    expect(written()).toContain('\u001b[?25l')
    show.stop()
    show.stop()
    expect(written().lastIndexOf('\u001b[?25h')).toBeGreaterThan(written().lastIndexOf('\u001b[?25l'))
    expect(written().endsWith('\u001b[2K')).toBe(true)
  })

  test('no bar where nobody knows how far it is, no accuracy where there is none', () => {
    const { out, written } = stream({ terminal: true })
    showProgress(out)(step({ steps: null, secondsLeft: null, meanAccuracy: null, imagesPerSecond: 0.25 }))
    expect(seen(written())).toEqual(['epoch  1/10  1  loss 0.9877  0.3 images/s'])
    vi.clearAllTimers()
  })
})

describe('elsewhere', () => {
  test('an epoch is a line without control characters', () => {
    const { out, written } = stream({ terminal: false })
    const show = showProgress(out)
    show(step({ step: 39 }))
    show(step({ step: 40, epochEnd: { ...epochEnd, validationLoss: null, validationAccuracy: null, loss: 12345678, seconds: 59.6 } }))
    expect(written()).toBe('epoch  1/10  loss 1.23e+7  accuracy 90.00 %  1,235 images/s  1:00\n')
  })

  test('a long epoch says each minute where it is', () => {
    const { out, written } = stream({ terminal: false })
    const show = showProgress(out)
    for (let i = 1; i <= 5; i++) {
      vi.advanceTimersByTime(25_000)
      show(step({ step: i, secondsLeft: 3600 }))
    }
    expect(written()).toBe('epoch  1/10  step 3/40  loss 0.9877  accuracy 51.23 %  1,235 images/s  1:00:00 left\n')
  })
})
