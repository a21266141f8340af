import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchInterrupts } from '../../src/cli/interrupt.ts'

class Exited extends Error {}

beforeEach(() => {
  vi.spyOn(process, 'exit').mockImplementation((code) => { throw new Exited(String(code)) })
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function watch() {
  const said: string[] = []
  const interruption = watchInterrupts({ onFirst: () => said.push('first'), onSecond: () => said.push('second') })
  return { said, interruption }
}

test('the first signal is noted; what npx hands on at once is the same one; the next one ends the process', () => {
  const { said, interruption } = watch()
  expect(interruption.signal).toBeNull()
  process.emit('SIGINT', 'SIGINT')
  expect(interruption.signal).toBe('SIGINT')
  vi.advanceTimersByTime(100)
  process.emit('SIGINT', 'SIGINT')
  expect(said).toEqual(['first'])
  vi.advanceTimersByTime(1000)
  expect(() => process.emit('SIGINT', 'SIGINT')).toThrow(new Exited('130'))
  expect(said).toEqual(['first', 'second'])
  interruption.forget()
})

test('SIGTERM has a code of its own', () => {
  const { interruption } = watch()
  process.emit('SIGTERM', 'SIGTERM')
  vi.advanceTimersByTime(1000)
  expect(() => process.emit('SIGTERM', 'SIGTERM')).toThrow(new Exited('143'))
  interruption.forget()
})

test('forgotten, it leaves no listeners', () => {
  const before = process.listenerCount('SIGINT')
  const { interruption } = watch()
  expect(process.listenerCount('SIGINT')).toBe(before + 1)
  interruption.forget()
  expect(process.listenerCount('SIGINT')).toBe(before)
})
