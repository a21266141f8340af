// What a training was like, epoch by epoch.
import { z } from 'zod'

/** One epoch. `null` where there was no validation, or where right and wrong have no meaning. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number
  /** Means over the epoch, while the weights changed. */
  readonly loss: number
  readonly accuracy: number | null
  /** On the validation data, with the weights at the end of the epoch. */
  readonly validationLoss: number | null
  readonly validationAccuracy: number | null
  /** At the end of the epoch. */
  readonly learningRate: number
  /** Time it took, without validation. */
  readonly seconds: number
}

export type History = readonly EpochRecord[]

const epoch = z.int().nonnegative()

/** A history as it is stored. */
export const historySchema: z.ZodType<EpochRecord[]> = z.array(z.object({
  epoch, loss: z.number(), accuracy: z.number().nullable(), validationLoss: z.number().nullable(),
  validationAccuracy: z.number().nullable(), learningRate: z.number(), seconds: z.number(),
}))

const COLUMNS = [
  'epoch', 'loss', 'accuracy', 'validationLoss', 'validationAccuracy', 'learningRate', 'seconds',
] as const satisfies readonly (keyof EpochRecord)[]

/** The history as JSON, with a line break at the end. */
export function historyJson(history: History): string {
  return `${JSON.stringify(history, null, 2)}\n`
}

/** The history as CSV with a line of names; empty where there is no number. */
export function historyCsv(history: History): string {
  const rows = history.map((record) => COLUMNS.map((column) => record[column] ?? '').join(','))
  return `${[COLUMNS.join(','), ...rows].join('\n')}\n`
}
