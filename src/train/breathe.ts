// Between updates the thread is let go for a moment, because the arithmetic blocks it.

/** Every so many milliseconds. */
const PAUSE_EVERY = 20

/** The rest of the queue first: timers, signals, streams, events of a page. A timer of 0 would wait a millisecond, or four. */
function endOfQueue(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => { setImmediate(resolve) })
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}

/** A function to await between updates, which pauses when it is time. */
export function makeBreathe(): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < PAUSE_EVERY) return
    await endOfQueue()
    last = performance.now()
  }
}
