// Learning rates that change while a model is trained: plain functions of where the training is.

/** Where the training is. */
export interface Progress {
  /** Updates made so far. */
  readonly step: number
  /** Updates in the whole training; `null` when the data does not say how much there is. */
  readonly steps: number | null
  /** From 0. */
  readonly epoch: number
  readonly epochs: number
}

/** The learning rate at a point of the training. */
export type Schedule = (at: Progress) => number

/** How much of the training is done, 0 to 1: by updates, or by epochs where their number is not known. */
function share({ step, steps, epoch, epochs }: Progress): number {
  return Math.min(steps === null ? epoch / Math.max(epochs, 1) : step / Math.max(steps, 1), 1)
}

/** Always the same. */
export function constant(rate: number): Schedule {
  return () => rate
}

/** Multiplied by `factor` (default 0.1) after every `every` epochs. */
export function stepDecay(rate: number, { every, factor = 0.1 }: { readonly every: number; readonly factor?: number }): Schedule {
  return ({ epoch }) => rate * factor ** Math.floor(epoch / every)
}

/** Multiplied by `factor` with every epoch, smoothly where the number of updates is known. */
export function exponentialDecay(rate: number, { factor }: { readonly factor: number }): Schedule {
  return (at) => rate * factor ** (share(at) * at.epochs)
}

/** Half a cosine from `rate` down to `end` (default 0) over the whole training (https://arxiv.org/abs/1608.03983). */
export function cosineDecay(rate: number, { end = 0 }: { readonly end?: number } = {}): Schedule {
  return (at) => end + (rate - end) * 0.5 * (1 + Math.cos(Math.PI * share(at)))
}

/** Grows in a straight line from 0 over the first `steps` updates, then does as `then` says. */
export function warmup(steps: number, then: number | Schedule): Schedule {
  return (at) => rateAt(then, at) * Math.min((at.step + 1) / Math.max(steps, 1), 1)
}

/** The rate of a number or a schedule. */
export function rateAt(rate: number | Schedule, at: Progress): number {
  return typeof rate === 'number' ? rate : rate(at)
}

/** All schedules, by name. */
export const schedules = { constant, step: stepDecay, exponential: exponentialDecay, cosine: cosineDecay, warmup } as const
