// In a page lines go to the console, and none moves.
import type { MovingLine, Output } from './terminal.ts'

export const standardOutput = (): Output => ({ write: (text) => console.log(text.trimEnd()) })

export const movingLine = (stream: Output): MovingLine => ({
  start: (_total, _done, text) => { stream.write(text) }, update: () => undefined, stop: () => undefined,
})
