// What was, what is, what was taken back. Nothing is changed in place.

export interface History<T> {
  readonly past: readonly T[]
  readonly present: T
  /** What was taken back, the nearest first. */
  readonly future: readonly T[]
}

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [] })

/** A new present; what was taken back before is gone. */
export const change = <T>({ past, present }: History<T>, next: T): History<T> =>
  ({ past: [...past, present], present: next, future: [] })

/** The present replaced by another, without a step of its own: each key pressed in a number is not worth one. */
export const amend = <T>(history: History<T>, present: T): History<T> => ({ ...history, present, future: [] })

/** One step back; the same where there is none. */
export function undo<T>(history: History<T>): History<T> {
  const { past, present, future } = history
  return past.length === 0 ? history : { past: past.slice(0, -1), present: past.at(-1) as T, future: [present, ...future] }
}

/** One step forward again; the same where there is none. */
export function redo<T>(history: History<T>): History<T> {
  const { past, present, future: [next, ...future] } = history
  return history.future.length === 0 ? history : { past: [...past, present], present: next as T, future }
}
