// The terminal, as Node has it. In a page terminal.browser.ts stands in for this module.
import { type Options, SingleBar } from 'cli-progress'

/** Where lines go. */
export interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Where a program says things when nobody says where. */
export const standardOutput = (): Output => process.stdout

/** One line of a terminal that changes in place. */
export interface MovingLine {
  /** Shows it from now on; `total` steps, of which `done` are done. */
  start(total: number, done: number, text: string): void
  update(done: number, text: string): void
  /** Takes it away. */
  stop(): void
}

/** A line that moves on a terminal. */
export function movingLine(stream: Output): MovingLine {
  const format: NonNullable<Options['format']> = (_options, _params, payload: { line?: string }) => payload.line ?? ''
  const bar = new SingleBar({
    stream: stream as NodeJS.WriteStream, format, clearOnComplete: true, hideCursor: true, gracefulExit: false, fps: 10,
  })
  return {
    start: (total, done, line) => bar.start(total, done, { line }),
    update: (done, line) => bar.update(done, { line }),
    stop: () => bar.stop(),
  }
}
