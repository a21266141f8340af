// Measuring several contestants in turn, so that whatever else the machine does hits all alike.
import type { Run, Running } from './contestant.ts'

export type Clock = 'wall' | 'cpu'

export interface MeasureOptions {
  readonly rounds: number
  readonly clock: Clock
  /** Called before every turn: round 0 is the warm-up. */
  readonly onTurn: (index: number, round: number) => void
}

/** One contestant's result. */
export interface Measured {
  /** Median seconds for one time. */
  readonly seconds: number
  /** The median of wall over processor time: well above 1, the process had to wait for others. */
  readonly waited: number
  readonly rounds: number
  /** What it had to say of the last one. */
  readonly said?: string
}

/** Why a contestant could not be measured. */
export interface Failed {
  readonly failed: string
}

/** A turn lasts about this long, so that the clock's own error does not matter. */
const TURN_SECONDS = 0.25
/** Who takes longer than this, by the processor's clock, is measured one time only, after it has warmed up. */
const ONCE_SECONDS = 5
/** A time that is quicker than the one before by more than this was still warming up, … */
const STILL_WARMING = 0.9
/** … unless it is the last one that patience is there for. */
const MOST_SLOW_TIMES = 4
const WARMUP_SECONDS = 1
const MOST_TIMES = 100_000

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] as number : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

interface Turns {
  readonly running: Running
  /** How often in one turn; 0: is measured already. */
  readonly times: number
  readonly runs: Run[]
}

const each = ({ wall, cpu, ...rest }: Run, times: number): Run => ({ wall: wall / times, cpu: cpu / times, ...rest })

/** The last of a few times of somebody slow. */
async function runSlowly(running: Running, first: Run): Promise<Run> {
  let before = first
  for (let times = 2; ; times++) {
    const run = await running.run(1)
    if (run.cpu > STILL_WARMING * before.cpu || times === MOST_SLOW_TIMES) return run
    before = run
  }
}

/** Runs until compilers have done their work, and finds how often to run in a turn. */
async function warmUp(running: Running): Promise<Turns> {
  const first = await running.run(1)
  if (first.cpu > ONCE_SECONDS) return { running, times: 0, runs: [await runSlowly(running, first)] }
  let spent = first.wall
  let last = first.wall
  for (let times = 1; spent < WARMUP_SECONDS; times = Math.min(times * 2, MOST_TIMES)) {
    const { wall } = await running.run(times)
    spent += wall
    last = wall / times
  }
  return { running, times: Math.max(1, Math.min(MOST_TIMES, Math.round(TURN_SECONDS / last))), runs: [] }
}

function resultOf(runs: readonly Run[], clock: Clock): Measured {
  const said = runs.at(-1)?.said
  return {
    seconds: median(runs.map((run) => run[clock])), waited: median(runs.map(({ wall, cpu }) => wall / cpu)), rounds: runs.length,
    ...(said === undefined ? {} : { said }),
  }
}

/** Medians of contestants that take turns. */
export async function measure(contestants: readonly Running[], { rounds, clock, onTurn }: MeasureOptions): Promise<(Measured | Failed)[]> {
  const turns: (Turns | Failed)[] = []
  for (const [index, running] of contestants.entries()) {
    onTurn(index, 0)
    turns.push(await warmUp(running).catch(({ message }: Error) => ({ failed: message })))
  }
  for (let round = 1; round <= rounds; round++) {
    for (const [index, one] of turns.entries()) {
      if ('failed' in one || one.times === 0) continue
      onTurn(index, round)
      one.runs.push(each(await one.running.run(one.times), one.times))
    }
  }
  return turns.map((one) => ('failed' in one ? one : resultOf(one.runs, clock)))
}
