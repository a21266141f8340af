// A training as server-sent events: all that is known to who comes, and news while it runs.
import type { ServerResponse } from 'node:http'
import type { TrainStep } from '../train/trainer.ts'
import { type Followed, type News, type Place, type Point, type Run, thin, withNews } from './model/training.ts'
import type { Answer } from './server.ts'

/** Where the events are, from the page. */
export const EVENTS = 'events'

/** Milliseconds between news, and between points; more points than these are not kept. */
const NEWS_EVERY = 200
const MOST_POINTS = 400

export interface FollowOptions {
  readonly run: Run
  readonly others: readonly Run[]
  /** How it ended, where it did; `null` while it runs. */
  readonly ended?: string | null
  /** Milliseconds; default that of the machine. */
  readonly now?: () => number
}

export interface Follower {
  /** Answers with the stream of events. */
  readonly answer: Answer
  /** To be called after every update. */
  step(step: TrainStep): void
  /** To be called in the end, with how it ended; done when everybody has heard of it. */
  end(words: string): Promise<void>
}

const placeOf = ({ epoch, epochs, step, steps, meanLoss, meanAccuracy, imagesPerSecond, secondsLeft, learningRate }: TrainStep): Place =>
  ({ epoch, epochs, step, steps, meanLoss, meanAccuracy, imagesPerSecond, secondsLeft, learningRate })

/** Batches since the last point. */
interface Since {
  readonly count: number
  readonly loss: number
  readonly accuracy: number | null
}

const NOTHING: Since = { count: 0, loss: 0, accuracy: null }

const add = ({ count, loss, accuracy }: Since, step: TrainStep): Since => ({
  count: count + 1, loss: loss + step.loss, accuracy: step.accuracy === null ? accuracy : (accuracy ?? 0) + step.accuracy,
})

const write = (response: ServerResponse, event: 'all' | 'news', data: Followed | News): void => {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

/** Follows a training. */
export function follow({ run, others, ended = null, now = Date.now }: FollowOptions): Follower {
  const listeners = new Set<ServerResponse>()
  let followed: Followed = { run, others, points: [], place: null, ended }
  let [updates, since, told] = [0, NOTHING, Number.NEGATIVE_INFINITY]
  const tell = (news: News): void => {
    followed = withNews(followed, news)
    // Of a long training every second point is forgotten, so that a page that comes late is not flooded.
    if (followed.points.length > 2 * MOST_POINTS) followed = { ...followed, points: thin(followed.points, MOST_POINTS) }
    for (const response of listeners) write(response, 'news', news)
  }
  return {
    answer: (request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
      write(response, 'all', followed)
      listeners.add(response)
      request.on('close', () => listeners.delete(response))
    },
    step: (step) => {
      updates += 1
      since = add(since, step)
      if (step.epochEnd === null && now() - told < NEWS_EVERY) return
      told = now()
      const point: Point = { update: updates, loss: since.loss / since.count, accuracy: since.accuracy === null ? null : since.accuracy / since.count }
      since = NOTHING
      tell({ place: placeOf(step), points: [point], ...(step.epochEnd === null ? {} : { history: step.history }) })
    },
    end: async (words) => {
      tell({ ended: words })
      await Promise.all([...listeners].map((response) => new Promise<void>((resolve) => {
        response.once('close', resolve)
        response.end()
      })))
    },
  }
}
