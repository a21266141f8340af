// The playground without a screen: one model that is looked at, trained, saved and opened.
import { parseGraph } from '../../door.ts'
import { printDocument } from '../../graph/document.ts'
import { failure } from '../../spec/issue.ts'
import type { Backend } from '../../runtime/backend.ts'
import { loadModel } from '../../runtime/load.ts'
import { createModel, type Model } from '../../runtime/model.ts'
import type { ArrayTensor, Examples } from '../../train/data.ts'
import { adam } from '../../train/optimizers.ts'
import { cosineDecay } from '../../train/schedules.ts'
import type { TrainStep } from '../../train/trainer.ts'
import { type Fetch, makeDigits } from './digits.ts'
import { look, mappedOf, shapeOf, sized } from './look.ts'
import type { Answers, Course, Moment, Request, Source, TrainingSettings } from './protocol.ts'

export interface SessionOptions {
  /** Reads a file beside the page. */
  readonly fetch: Fetch
  /** Hears where a training is. */
  readonly onCourse: (course: Course) => void
  /** Default 'wasm'. */
  readonly backend?: Backend
}

/** Answers requests. */
export type Session = <R extends Request>(request: R) => Promise<Answers[R['do']]>

/** A moment is noted after so many updates; a training of many epochs has fewer for each. */
const FIRST_EVERY = 8
const MOST_MOMENTS = 40
/** Milliseconds between news. */
const NEWS_EVERY = 100

interface Trained {
  readonly model: Model
  /** In which it takes images, without the batch. */
  readonly shape: readonly number[]
}

const NO_COURSE: Course = { running: false, epoch: 0, epochs: 0, updates: 0, total: 0, imagesPerSecond: 0, resumable: false, moments: [] }

const shaped = ({ inputs, labels }: Examples, shape: readonly number[]): Examples => {
  const { data, shape: [count = 0] } = inputs as ArrayTensor
  return { inputs: { data, shape: [count, ...shape] }, labels }
}

/** Sums since the last moment. */
interface Since {
  updates: number
  loss: number
  accuracy: number
}

export function createSession({ fetch, onCourse, backend = 'wasm' }: SessionOptions): Session {
  const digits = makeDigits(fetch)
  let open: Trained | null = null
  let course: Course = NO_COURSE
  let checkpoint: Uint8Array | null = null
  let stopping = false
  let freshSeed = 1

  const opened = (): Trained => {
    if (open !== null) return open
    throw failure('playground/no-model', 'playground', 'there is no model', 'open one first')
  }

  const say = (changed: Partial<Course>): void => {
    course = { ...course, ...changed }
    onCourse(course)
  }

  async function made(source: Source): Promise<Model> {
    if ('document' in source) {
      const graph = parseGraph(source.document)
      return createModel(graph, { seed: source.seed, input: shapeOf(graph), backend })
    }
    return loadModel('url' in source ? await fetch(source.url) : source.files, { backend })
  }

  /** Takes the place of the model before, once it is known to fit. */
  function take(model: Model): void {
    try {
      const shape = shapeOf(model.graph)
      open?.model.dispose()
      open = { model, shape }
    } catch (error) {
      model.dispose()
      throw error
    }
    checkpoint = null
    say({ ...NO_COURSE, running: course.running })
  }

  const checkIdle = (): void => {
    if (course.running) throw failure('playground/busy', 'playground', 'a training is running', 'stop it first')
  }

  async function openModel(source: Source): Promise<Answers['open']> {
    checkIdle()
    const model = await made(source)
    try {
      // One may have started meanwhile.
      checkIdle()
    } catch (error) {
      model.dispose()
      throw error
    }
    take(model)
    return describe()
  }

  function describe(): Answers['open'] {
    const { model, shape } = opened()
    return {
      document: printDocument(model.graph), layers: mappedOf(sized(model.graph, shape)),
      weights: Object.values(model.weights()).reduce((sum, { data }) => sum + data.length, 0),
    }
  }

  async function momentOf({ model, shape }: Trained, since: Since, update: number): Promise<Moment> {
    const heldOut = await model.evaluate(shaped(await digits.heldOut(), shape), { batchSize: 250 })
    return {
      update, loss: since.loss / since.updates, accuracy: since.accuracy / since.updates,
      heldOutLoss: heldOut.loss, heldOutAccuracy: heldOut.accuracy ?? 0,
    }
  }

  async function follow(steps: AsyncIterable<TrainStep>, trained: Trained): Promise<void> {
    let since: Since = { updates: 0, loss: 0, accuracy: 0 }
    let told = performance.now()
    for await (const step of steps) {
      const perEpoch = step.steps as number
      const [updates, total] = [(step.epoch - 1) * perEpoch + step.step, step.epochs * perEpoch]
      since = { updates: since.updates + 1, loss: since.loss + step.loss, accuracy: since.accuracy + (step.accuracy ?? 0) }
      const every = Math.max(FIRST_EVERY, Math.ceil(total / MOST_MOMENTS))
      const due = since.updates >= every || updates === total || stopping
      const moments = due ? [...course.moments, await momentOf(trained, since, updates)] : course.moments
      if (due) since = { updates: 0, loss: 0, accuracy: 0 }
      const now = performance.now()
      if (due || now - told >= NEWS_EVERY) {
        told = now
        say({ epoch: step.epoch, epochs: step.epochs, updates, total, imagesPerSecond: step.imagesPerSecond, moments })
      }
      if (stopping) return
    }
  }

  async function train({ epochs, batchSize, learningRate }: TrainingSettings, fresh: boolean): Promise<Course> {
    checkIdle()
    const { model: { graph }, shape } = opened()
    stopping = false
    say({ running: true, epochs })
    try {
      if (fresh) take(await createModel(graph, { seed: freshSeed++, input: shape, backend }))
      const trained = opened()
      const data = shaped(await digits.train(), trained.shape)
      await follow(trained.model.train(data, {
        epochs, batchSize, optimizer: adam(cosineDecay(learningRate)), seed: 1, checkpoint: (file) => { checkpoint = file },
        ...(checkpoint === null ? {} : { resume: checkpoint }),
      }), trained)
    } finally {
      say({ running: false, resumable: checkpoint !== null })
    }
    return course
  }

  async function example(index: number): Promise<Answers['example']> {
    const { inputs: { data, shape: [count, height, width] }, labels } = await digits.heldOut()
    const which = index % count
    return { height, width, values: data.slice(which * height * width, (which + 1) * height * width), label: labels.data[which] as number }
  }

  const answer = async (request: Request): Promise<Answers[keyof Answers]> => {
    switch (request.do) {
      case 'open': return openModel(request.source)
      case 'look': return look(opened().model, opened().shape, request.at)
      case 'train': return train(request.settings, request.fresh)
      case 'stop':
        stopping = true
        return null
      case 'save': return opened().model.encode()
      case 'example': return example(request.index)
    }
  }
  return answer as Session
}
