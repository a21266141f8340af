// train --view: a page that follows the training, beside the runs in the folders next to it.
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import type { AnyGraph } from '../graph/graph.ts'
import { parseConfig } from '../spec/config.ts'
import { type History, historySchema } from '../train/history.ts'
import { HISTORY_JSON } from '../train/record.ts'
import { EVENTS, follow, type Follower } from '../viewer/follow.ts'
import type { Run } from '../viewer/model/training.ts'
import type { RunningServer } from '../viewer/server.ts'
import { readJsonFile } from './jsonFile.ts'
import { givenOf, serve } from './view.ts'

/** The epochs of the run in a folder; none when it has not trained. @throws LayergraphError for a damaged file. */
export function readHistory(folder: string): History {
  const path = join(folder, HISTORY_JSON)
  const json = readJsonFile(path, 'remove it')
  return json === undefined ? [] : parseConfig<History>(historySchema as z.ZodType<History>, json, path)
}

/** The other runs beside this one that have trained. */
export function runsBeside(out: string): readonly Run[] {
  const parent = dirname(resolve(out))
  if (!existsSync(parent)) return []
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== basename(resolve(out)))
    .map(({ name }): Run => ({ name, history: readHistory(join(parent, name)) }))
    .filter(({ history }) => history.length > 0)
}

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
