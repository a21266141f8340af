// Trainings as they lie in their folders: what the page draws curves of.
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { parseConfig } from '../spec/config.ts'
import { type History, historySchema } from '../train/history.ts'
import { HISTORY_JSON } from '../train/record.ts'
import type { Run } from '../viewer/model/training.ts'
import { showPath } from './explain.ts'
import { UsageError } from './failure.ts'
import { readJsonFile } from './jsonFile.ts'
import { readTrainSettings } from './trainSettings.ts'

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

/** A training that has ended. @throws UsageError for a folder that holds none. */
export function endedRun(folder: string): Run {
  const history = readHistory(folder)
  if (history.length > 0) return { name: folder.replace(/[/\\]+$/, ''), history, settings: readTrainSettings(folder) }
  throw new UsageError(`${showPath(resolve(folder))} holds no training to compare`, 'name folders that were given to train as --out, and that have trained for an epoch')
}
