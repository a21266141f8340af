// From names on the command line to optimizers, schedules and losses.
import type { Loss } from '../train/losses.ts'
import { losses } from '../train/losses.ts'
import { adam, adamW, type Optimizer, optimizers, sgd } from '../train/optimizers.ts'
import {
  constant, cosineDecay, exponentialDecay, type Schedule, schedules, stepDecay, warmup,
} from '../train/schedules.ts'
import { UsageError } from './failure.ts'
import { nearest } from './nearest.ts'
import type { TrainSettings } from './trainSettings.ts'

/** The value of this name. @throws UsageError that says which name was probably meant. */
export function choose<T>(what: string, name: string, all: Readonly<Record<string, T>>): T {
  if (Object.hasOwn(all, name)) return all[name] as T
  const near = nearest(name, Object.keys(all))
  throw new UsageError(
    `there is no ${what} "${name}"`,
    near === null ? `use one of ${Object.keys(all).join(', ')}` : `did you mean ${near}?`,
  )
}

export const chooseLoss = (name: string): Loss => choose<Loss>('loss', name, losses)

// ── schedules ───────────────────────────────────────────────────────────────

type Numbers = Readonly<Record<string, number>>

interface ScheduleForm {
  /** The numbers that must be given, and those that may. */
  readonly needs: readonly string[]
  readonly takes: readonly string[]
  readonly make: (rate: number, numbers: Numbers) => Schedule
}

const SCHEDULES = {
  constant: { needs: [], takes: [], make: constant },
  cosine: { needs: [], takes: ['end'], make: (rate, numbers) => cosineDecay(rate, numbers) },
  exponential: {
    needs: ['factor'], takes: [], make: (rate, numbers) => exponentialDecay(rate, numbers as { factor: number }),
  },
  step: { needs: ['every'], takes: ['factor'], make: (rate, numbers) => stepDecay(rate, numbers as { every: number }) },
} as const satisfies Record<Exclude<keyof typeof schedules, 'warmup'>, ScheduleForm>

/** "step:every=2,factor=0.5" in its parts. */
function readSchedule(text: string): { readonly name: string; readonly numbers: Numbers } {
  const cut = text.indexOf(':')
  if (cut < 0) return { name: text, numbers: {} }
  const numbers = Object.fromEntries(text.slice(cut + 1).split(',').map((pair) => {
    const [key = '', value = ''] = pair.split('=')
    if (value.trim() !== '' && Number.isFinite(Number(value))) return [key.trim(), Number(value)]
    throw new UsageError(`--schedule takes numbers such as step:every=2, but gets "${text}"`)
  }))
  return { name: text.slice(0, cut), numbers }
}

/** The schedule that the text names, such as "cosine" or "step:every=2,factor=0.5". @throws UsageError */
export function chooseSchedule(text: string, rate: number, warmupSteps: number): Schedule {
  const { name, numbers } = readSchedule(text)
  const { needs, takes, make } = choose<ScheduleForm>('schedule', name, SCHEDULES)
  const known = [...needs, ...takes]
  const unknown = Object.keys(numbers).find((key) => !known.includes(key))
  const missing = needs.find((key) => numbers[key] === undefined)
  if (unknown !== undefined) {
    throw new UsageError(
      `the schedule ${name} knows no "${unknown}"`,
      known.length === 0 ? 'it takes nothing' : `it takes ${known.join(' and ')}`,
    )
  }
  if (missing !== undefined) {
    throw new UsageError(
      `the schedule ${name} needs ${missing}`, `--schedule ${name}:${missing}=${missing === 'every' ? 2 : 0.9}`,
    )
  }
  const schedule = make(rate, numbers)
  return warmupSteps === 0 ? schedule : warmup(warmupSteps, schedule)
}

// ── optimizers ──────────────────────────────────────────────────────────────

/** Options of the command that belong to some optimizers only. */
const OWN = ['momentum', 'nesterov', 'weightDecay', 'beta1', 'beta2', 'epsilon'] as const
type Own = (typeof OWN)[number]

interface OptimizerForm {
  readonly takes: readonly Own[]
  readonly make: (rate: Schedule | undefined, options: object) => Optimizer
}

const OPTIMIZERS = {
  sgd: { takes: ['momentum', 'nesterov', 'weightDecay'], make: sgd },
  adam: { takes: ['beta1', 'beta2', 'epsilon'], make: adam },
  adamW: { takes: ['beta1', 'beta2', 'epsilon', 'weightDecay'], make: adamW },
} as const satisfies Record<keyof typeof optimizers, OptimizerForm>

const flag = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/** The optimizer of these settings. @throws UsageError for a name or an option that it does not know. */
export function chooseOptimizer(settings: TrainSettings): Optimizer {
  const { optimizer: name, schedule, warmup: steps } = settings
  const { takes, make } = choose<OptimizerForm>('optimizer', name, OPTIMIZERS)
  const given = OWN.filter((key) => settings[key] !== undefined)
  const foreign = given.find((key) => !takes.includes(key))
  if (foreign !== undefined) {
    const others = Object.entries<OptimizerForm>(OPTIMIZERS).filter(([, form]) => form.takes.includes(foreign))
    const names = others.map(([other]) => other).join(' or ')
    throw new UsageError(`${name} has no ${flag(foreign)}`, `--optimizer ${names} has`)
  }
  // What the optimizer itself takes for its rate when nothing is said.
  const rate = settings.learningRate ?? make(undefined, {}).learningRate as number
  return make(chooseSchedule(schedule, rate, steps), Object.fromEntries(given.map((key) => [key, settings[key]])))
}
