// Questions to workers, a worker for each kind of question. A newer question of a kind ends the one before it.
import type { Reply, Tasks } from './tasks.ts'

type Input<K extends keyof Tasks> = Parameters<Tasks[K]>[0]
type Output<K extends keyof Tasks> = ReturnType<Tasks[K]>

/** An answer, or why there is none in the words of the analysis; `null` when the question was dropped, or a newer one came. */
export type Answered<T> = { readonly answer: T } | { readonly refused: string } | null

export interface Work {
  ask<K extends keyof Tasks>(task: K, input: Input<K>): Promise<Answered<Output<K>>>
  /** Ends the question of a kind that is under way: nobody waits for its answer any more. */
  drop(task: keyof Tasks): void
}

interface Running {
  readonly worker: Worker
  /** Lets go of the question under way, if there is one. */
  drop: (() => void) | null
}

/** Workers that views have for themselves. */
export interface Starts {
  /** Starts a worker ahead of who will take it. */
  start(name: string): void
  /** The worker that was started, or a new one. It belongs to who takes it. */
  take(name: string): Worker
}

const workerOf = (name: string): Worker => new Worker(new URL(name, document.baseURI), { type: 'module' })

/** Nothing is started yet. */
export function createStarts(): Starts {
  const waiting = new Map<string, Worker>()
  return {
    start: (name) => {
      const worker = workerOf(name)
      waiting.set(name, worker)
      // Who takes a new one instead hears of it.
      worker.onerror = () => waiting.delete(name)
    },
    take: (name) => {
      const worker = waiting.get(name)
      waiting.delete(name)
      return worker ?? workerOf(name)
    },
  }
}

/** Workers that start when they are first asked. */
export function createWork(): Work {
  const running = new Map<keyof Tasks, Running>()
  const drop = (task: keyof Tasks): void => {
    const known = running.get(task)
    if (known === undefined || known.drop === null) return
    running.delete(task)
    known.drop()
    known.worker.terminate()
  }
  const workerFor = (task: keyof Tasks): Running => {
    drop(task)
    const known = running.get(task)
    if (known !== undefined) return known
    const made: Running = { worker: new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }), drop: null }
    running.set(task, made)
    return made
  }
  return {
    drop,
    ask: <K extends keyof Tasks>(task: K, input: Input<K>) => new Promise<Answered<Output<K>>>((resolve, reject) => {
      const one = workerFor(task)
      one.drop = () => resolve(null)
      one.worker.onmessage = ({ data }: MessageEvent<Reply>) => {
        one.drop = null
        resolve(data as Answered<Output<K>>)
      }
      one.worker.onerror = (event) => {
        one.drop = null
        reject(new Error(event.message))
      }
      one.worker.postMessage({ task, input })
    }),
  }
}
