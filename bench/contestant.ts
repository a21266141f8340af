// A contestant: a process of its own that prepares a work and then runs it as often as it is told.
//
// One line of JSON each way: { start: work } is answered by Started, { run: times } by Run or { failed: why }, and the end of the input
// by the end of the process. Contestants share neither memory nor compiled code, and one that waits takes no time.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What a contestant says when it is ready, or why it is not. */
export type Started =
  | { readonly ready: string }
  /** How to install what it needs. */
  | { readonly missing: string }
  /** Why it cannot do this work at all. */
  | { readonly unable: string }

/** Seconds for all the times, by the clock on the wall and by the processor's. */
export interface Run {
  readonly wall: number
  readonly cpu: number
  /** What the work has to say of its last time, such as how many epochs it took. */
  readonly said?: string
}

/** How to start one. */
export interface Contestant {
  readonly label: string
  readonly command: string
  readonly args: readonly string[]
  /** Variables of the environment it is started without. */
  readonly without?: readonly string[]
  /** Variables it gets besides. */
  readonly variables?: Readonly<Record<string, string>>
}

/** A contestant that is running. */
export interface Running {
  readonly started: Started
  /** @throws Error when the work fails. */
  run(times: number): Promise<Run>
  stop(): void
}

const folder = fileURLToPath(new URL('contestants/', import.meta.url))

function environment({ without = [], variables = {} }: Contestant): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !without.includes(name))), ...variables }
}

/** Lines from a process, one question at a time. */
function makeDialogue(child: ChildProcess, label: string): (question: object) => Promise<unknown> {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  let complaints = ''
  child.stderr!.on('data', (chunk: Buffer) => { complaints = (complaints + chunk.toString()).slice(-4000) })
  child.stdin!.on('error', () => undefined)
  return async (question) => {
    child.stdin!.write(`${JSON.stringify(question)}\n`)
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`${label} ended without an answer.\n${complaints}`)
    return JSON.parse(value as string)
  }
}

/** Starts a contestant on a work. */
export async function startContestant(contestant: Contestant, work: string): Promise<Running> {
  const { label, command, args } = contestant
  const child = spawn(command, args, { cwd: folder, env: environment(contestant), stdio: 'pipe' })
  const failed = new Promise<never>((_resolve, reject) => { child.on('error', reject) })
  const ask = makeDialogue(child, label)
  const started = await Promise.race([ask({ start: work }), failed]) as Started
  const stop = (): void => { child.stdin.end() }
  if (!('ready' in started)) stop()
  const run = async (times: number): Promise<Run> => {
    const answer = await ask({ run: times }) as Run | { readonly failed: string }
    if ('failed' in answer) throw new Error(answer.failed)
    return answer
  }
  return { started, stop, run }
}
