// The playground as the page knows it: what is drawn, what the model sees in it, where the training is.
import { batch, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { Answers, Course, LookAt, Message, Opened, Plane, Request, Seen, Source, TrainingSettings } from '../../playground/protocol.ts'

/** A drawing: ink from 0 to 1, and whether it is one of the page's own, which the first stroke takes away. */
export interface Drawn {
  readonly plane: Plane
  readonly given: boolean
}

/** A model that is open, and by which name. */
export interface OpenModel extends Opened {
  readonly name: string
}

export interface Playground {
  readonly drawn: Signal<Drawn>
  readonly node: Signal<string | null>
  readonly unit: Signal<LookAt['unit']>
  readonly class: Signal<number | null>
  readonly model: ReadonlySignal<OpenModel | null>
  readonly seen: ReadonlySignal<Seen | null>
  readonly course: ReadonlySignal<Course | null>
  /** What went wrong last; `null` when nothing did. */
  readonly refused: Signal<string | null>
  open(source: Source, name: string): Promise<void>
  train(settings: TrainingSettings, fresh: boolean): Promise<void>
  stop(): Promise<void>
  save(): Promise<Uint8Array | null>
  example(index: number): Promise<void>
  close(): void
}

type Waiting = { resolve(answer: Answers[keyof Answers]): void; reject(why: Error): void }

function createAsk(worker: Worker, onCourse: (course: Course) => void): <R extends Request>(request: R) => Promise<Answers[R['do']]> {
  const waiting = new Map<number, Waiting>()
  let last = 0
  const failAll = (why: string): void => {
    for (const { reject } of waiting.values()) reject(new Error(why))
    waiting.clear()
  }
  worker.onerror = ({ message }) => failAll(message === '' ? 'The worker of the playground cannot be started.' : message)
  worker.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('course' in data) {
      onCourse(data.course)
      return
    }
    const one = waiting.get(data.id)
    waiting.delete(data.id)
    if ('answer' in data) one?.resolve(data.answer)
    else one?.reject(new Error(data.refused))
  }
  return (request) => new Promise((resolve, reject) => {
    waiting.set(++last, { resolve: resolve as Waiting['resolve'], reject })
    worker.postMessage({ id: last, request })
  })
}

/** Speaks with the worker, and looks at the drawing anew whenever it, the model or what is asked for changes. */
export function createPlayground(worker: Worker, first: Plane): Playground {
  const drawn = signal<Drawn>({ plane: first, given: true })
  const node = signal<string | null>(null)
  const unit = signal<LookAt['unit']>(null)
  const cls = signal<number | null>(null)
  const model = signal<OpenModel | null>(null)
  const seen = signal<Seen | null>(null)
  const course = signal<Course | null>(null)
  const refused = signal<string | null>(null)
  const ask = createAsk(worker, (news) => { course.value = news })

  async function attempt<T>(task: () => Promise<T>): Promise<T | null> {
    try {
      const done = await task()
      refused.value = null
      return done
    } catch (error) {
      refused.value = (error as Error).message
      return null
    }
  }

  let looking = false
  let again = false
  async function look(at: LookAt): Promise<void> {
    if (looking) {
      again = true
      return
    }
    looking = true
    const found = await attempt(() => ask({ do: 'look', at }))
    looking = false
    if (found !== null) seen.value = found
    if (!again) return
    again = false
    void look(now())
  }
  const now = (): LookAt => ({ drawing: drawn.value.plane, node: node.value, unit: unit.value, class: cls.value })
  const forget = effect(() => {
    // Weights change too: at every moment of a training the picture is looked at again.
    void course.value?.moments.length
    if (model.value !== null) void look(now())
  })

  return {
    drawn, node, unit, class: cls, model, seen, course, refused,
    open: async (source, name) => {
      const opened = await attempt(() => ask({ do: 'open', source }))
      if (opened === null) return
      batch(() => {
        model.value = { ...opened, name }
        node.value = null
        unit.value = null
        cls.value = null
      })
    },
    train: async (settings, fresh) => { await attempt(() => ask({ do: 'train', settings, fresh })) },
    stop: async () => { await attempt(() => ask({ do: 'stop' })) },
    save: () => attempt(() => ask({ do: 'save' })),
    example: async (index) => {
      const plane = await attempt(() => ask({ do: 'example', index }))
      if (plane !== null) drawn.value = { plane, given: true }
    },
    close: () => {
      forget()
      worker.terminate()
    },
  }
}
