// The other side of contestant.ts: answers questions on stdin with works from a table.
import { createInterface } from 'node:readline'
import type { Run, Started } from './contestant.ts'
import type { Clock } from './measure.ts'

/**
 * Runs a work once. A text it answers with is shown beside the time, a `Run` says how long another process took, all else is
 * thrown away.
 */
export type Step = () => unknown

/** Prepares a work. */
export type Prepare = () => Promise<Step>

/** Thrown by a work that needs what is not installed. */
export class Missing extends Error {}

/** Loads a package. @throws Missing */
export async function need<T>(specifier: string, install: string): Promise<T> {
  try {
    return await import(specifier) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Missing(install)
  }
}

const firstLine = ({ message }: Error): string => message.split('\n')[0] as string

async function start(works: Readonly<Record<string, Prepare>>, name: string, version: () => string): Promise<[Started, Step | null]> {
  const prepare = works[name]
  if (prepare === undefined) return [{ unable: 'has no such work' }, null]
  try {
    const step = await prepare()
    return [{ ready: version() }, step]
  } catch (error) {
    if (error instanceof Missing) return [{ missing: error.message }, null]
    return [{ unable: firstLine(error as Error) }, null]
  }
}

const isRun = (value: unknown): value is Run => typeof value === 'object' && value !== null && 'wall' in value && 'cpu' in value

async function measure(step: Step, times: number): Promise<Run> {
  const elsewhere: Run[] = []
  const cpu = process.cpuUsage()
  const wall = performance.now()
  let said: unknown
  for (let i = 0; i < times; i++) {
    said = await step()
    if (isRun(said)) elsewhere.push(said)
  }
  const sum = (clock: Clock): number => elsewhere.reduce((total, one) => total + one[clock], 0)
  if (elsewhere.length > 0) return { wall: sum('wall'), cpu: sum('cpu') }
  const spent = process.cpuUsage(cpu)
  const run: Run = { wall: (performance.now() - wall) / 1e3, cpu: (spent.user + spent.system) / 1e6 }
  return typeof said === 'string' ? { ...run, said } : run
}

/** Answers until there are no more questions. `version` is asked once a work is ready. */
export async function serve(works: Readonly<Record<string, Prepare>>, version: () => string): Promise<void> {
  const answer = process.stdout.write.bind(process.stdout)
  // What libraries print is no answer.
  console.log = console.warn = console.info = console.error
  let step: Step | null = null
  for await (const line of createInterface({ input: process.stdin })) {
    const question = JSON.parse(line) as { readonly start?: string; readonly run?: number }
    if (question.start !== undefined) {
      const [started, prepared] = await start(works, question.start, version)
      step = prepared
      answer(`${JSON.stringify(started)}\n`)
    } else if (step !== null) {
      const run = await measure(step, question.run as number).catch((error: Error) => ({ failed: firstLine(error) }))
      answer(`${JSON.stringify(run)}\n`)
    }
  }
}
