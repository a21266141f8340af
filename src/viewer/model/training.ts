// Trainings that are followed: what is told of them, and what is drawn of it.
import type { Series } from '../../draw/chart.ts'
import { showCount, showLoss, showSeconds, showShare } from '../../report/numbers.ts'
import type { EpochRecord, History } from '../../train/history.ts'
import type { TrainStep } from '../../train/trainer.ts'

/** A run: the name of its folder, and its epochs. */
export interface Run {
  readonly name: string
  readonly history: History
  /** How it was trained, where that is told. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/** Where a training is. */
export type Place = Pick<
  TrainStep, 'epoch' | 'epochs' | 'step' | 'steps' | 'meanLoss' | 'meanAccuracy' | 'imagesPerSecond' | 'secondsLeft' | 'learningRate'
>

/** A point of the curve within the epochs: how the batches since the point before went. */
export interface Point {
  /** Updates since the page's training began. */
  readonly update: number
  readonly loss: number
  readonly accuracy: number | null
}

/** All that is known of a training. */
export interface Followed {
  /** The run that is trained, and others to compare it with. */
  readonly run: Run
  readonly others: readonly Run[]
  readonly points: readonly Point[]
  readonly place: Place | null
  /** How it ended; `null` while it runs. */
  readonly ended: string | null
}

/** What changed since the last news. */
export type News = Partial<Pick<Followed, 'points' | 'place' | 'ended'> & { readonly history: History }>

/** With the news; points are added to those that are there. */
export const withNews = (followed: Followed, { history, points = [], ...rest }: News): Followed => ({
  ...followed, ...rest, points: [...followed.points, ...points], run: history === undefined ? followed.run : { ...followed.run, history },
})

/** No more points than so many, evenly; the last one stays. */
export function thin(points: readonly Point[], most: number): readonly Point[] {
  const every = Math.ceil(points.length / most)
  return every <= 1 ? points : points.filter((_point, index) => (points.length - 1 - index) % every === 0)
}

/** The epochs of runs, from the first to the last of any, and one line for each run that has numbers. */
export function overlay(runs: readonly Run[], read: (record: EpochRecord) => number | null): { readonly x: readonly number[]; readonly series: readonly Series[] } {
  const last = Math.max(0, ...runs.flatMap(({ history }) => history.map(({ epoch }) => epoch)))
  const x = Array.from({ length: last }, (_, index) => index + 1)
  const series = runs.map(({ name, history }): Series => {
    const byEpoch = new Map(history.map((record) => [record.epoch, read(record)]))
    return { name, values: x.map((epoch) => byEpoch.get(epoch) ?? null) }
  })
  return { x, series }
}

/** Validation where there was one, since the training itself flatters. */
export const lossOf = ({ loss, validationLoss }: EpochRecord): number | null => validationLoss ?? loss
export const accuracyOf = ({ accuracy, validationAccuracy }: EpochRecord): number | null => validationAccuracy ?? accuracy

/** Runs beside each other: a row for each, with the settings in which they differ and how they ended. */
export interface Comparison {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

interface Ending {
  readonly title: string
  readonly read: (record: EpochRecord) => number | null
  readonly show: (value: number) => string
}

const ENDINGS: readonly Ending[] = [
  { title: 'epochs', read: ({ epoch }) => epoch, show: showCount },
  { title: 'loss', read: ({ loss }) => loss, show: showLoss },
  { title: 'accuracy', read: ({ accuracy }) => accuracy, show: showShare },
  { title: 'validation loss', read: ({ validationLoss }) => validationLoss, show: showLoss },
  { title: 'validation accuracy', read: ({ validationAccuracy }) => validationAccuracy, show: showShare },
]

const secondsOf = (history: History): number => history.reduce((sum, { seconds }) => sum + seconds, 0)

const shown = (value: unknown): string => (value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value))

/** The comparison of runs that have trained. Endings without any number are left out. */
export function compareRuns(runs: readonly Run[]): Comparison {
  const keys = [...new Set(runs.flatMap(({ settings = {} }) => Object.keys(settings)))]
    // The epochs that were made are among the endings.
    .filter((key) => key !== 'epochs' && new Set(runs.map(({ settings }) => shown(settings?.[key]))).size > 1)
  const endings = ENDINGS.filter(({ read }) => runs.some(({ history }) => history.some((record) => read(record) !== null)))
  return {
    head: ['run', ...keys, ...endings.map(({ title }) => title), 'time'],
    rows: runs.map(({ name, history, settings }) => {
      const last = history.at(-1)
      const ends = endings.map(({ read, show }) => {
        const value = last === undefined ? null : read(last)
        return value === null ? '–' : show(value)
      })
      return [name, ...keys.map((key) => shown(settings?.[key])), ...ends, showSeconds(secondsOf(history))]
    }),
  }
}
