// Ctrl-C: the first asks to come to an end, the second ends at once.
import { constants } from 'node:os'

export interface Interruption {
  /** The signal that came, if one did. */
  readonly signal: NodeJS.Signals | null
  /** Signals mean again what they mean by themselves. */
  forget(): void
}

/** npm and npx hand on the signal that the terminal has sent already: what follows this soon (ms) is the same one. */
const SAME = 500

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** The exit code of a program that a signal ended: 130 for Ctrl-C. */
export const signalExit = (signal: NodeJS.Signals): number => 128 + constants.signals[signal]

/** Notes the first signal, and says so by `onFirst`; at the second one `onSecond` tidies up and the process ends. */
export function watchInterrupts({ onFirst, onSecond }: { onFirst(): void; onSecond(): void }): Interruption {
  let came: NodeJS.Signals | null = null
  let at = 0
  const listen = (signal: NodeJS.Signals): void => {
    if (came === null) {
      came = signal
      at = performance.now()
      onFirst()
      return
    }
    if (performance.now() - at < SAME) return
    onSecond()
    process.exit(signalExit(signal))
  }
  for (const signal of SIGNALS) process.on(signal, listen)
  return {
    get signal() { return came },
    forget: () => { for (const signal of SIGNALS) process.off(signal, listen) },
  }
}
