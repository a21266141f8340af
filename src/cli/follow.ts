// train --view: a page that follows the training, beside the runs in the folders next to it.
import { basename, resolve } from 'node:path'
import type { AnyGraph } from '../graph/graph.ts'
import type { History } from '../train/history.ts'
import { EVENTS, follow, type Follower } from '../viewer/follow.ts'
import type { RunningServer } from '../viewer/server.ts'
import { runsBeside } from './runs.ts'
import { givenOf, serve } from './view.ts'

export interface FollowCommand {
  readonly port?: number
  readonly open?: boolean
}

/** A follower and its page. */
export interface FollowedPage extends Follower {
  readonly address: string
  close(): Promise<void>
}

/** Serves the page of a training that writes into `out`. @throws UsageError when the port cannot be had. */
export async function servePage(graph: AnyGraph, out: string, history: History, { port }: FollowCommand): Promise<FollowedPage> {
  const follower = follow({ run: { name: basename(resolve(out)), history }, others: runsBeside(out) })
  const server: RunningServer = await serve({
    given: { ...givenOf(graph, graph.name), training: EVENTS },
    answers: { [`/${EVENTS}`]: follower.answer },
    ...(port === undefined ? {} : { port }),
  })
  return { ...follower, address: server.address, close: server.close }
}
