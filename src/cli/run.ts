// A run: the folder that a training writes to, and that evaluate and predict read.
import { existsSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { AnyGraph } from '../graph/graph.ts'
import { REPORTS } from '../report/forms.ts'
import type { Backend } from '../runtime/backend.ts'
import { loadModel as loadSaved } from '../runtime/load.ts'
import type { Model } from '../runtime/model.ts'
import { isLayergraphError } from '../spec/issue.ts'
import { graphHash } from '../store/bytes.ts'
import { GRAPH_FILE, MODEL_ENDING, readDocumentFile, WEIGHTS_FILE } from '../store/save.ts'
import { CHECKPOINT_FILE } from '../train/checkpoint.ts'
import { HISTORY_CSV, HISTORY_JSON } from '../train/record.ts'
import { choose } from './choices.ts'
import { showPath } from './explain.ts'
import { UsageError } from './failure.ts'
import { loadModel } from './model.ts'
import { SETTINGS_FILE } from './trainSettings.ts'

/** Everything that a training writes, and that --overwrite removes. */
const FILES = [
  GRAPH_FILE, WEIGHTS_FILE, CHECKPOINT_FILE, SETTINGS_FILE, HISTORY_JSON, HISTORY_CSV, ...REPORTS.map(({ file }) => file),
]

export const BACKENDS: Readonly<Record<Backend, Backend>> = { wasm: 'wasm', cpu: 'cpu' }

export interface OutOptions {
  readonly resume: boolean
  readonly overwrite: boolean
}

const nameOf = (document: unknown): string => String((document as { name?: unknown } | null)?.name)

/**
 * May this graph be trained into this folder?
 *
 * @throws UsageError when a model would be lost, or there is none to go on with.
 */
export async function checkOut(folder: string, graph: AnyGraph, { resume, overwrite }: OutOptions): Promise<void> {
  if (resume && overwrite) throw new UsageError('--resume and --overwrite exclude each other')
  const out = showPath(resolve(folder))
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new UsageError(`${out} is a file`, 'name a folder: --out runs/digits')
  }
  const taken = existsSync(join(folder, GRAPH_FILE))
  if (!taken || overwrite) {
    if (resume) throw new UsageError(`${out} has no training to go on with`, 'leave out --resume to begin one')
    return
  }
  const document = await readDocumentFile(folder)
  const same = graphHash(document) === graphHash(graph.toJSON())
  if (!same) {
    throw new UsageError(
      `${out} holds another model (${nameOf(document)}), not this ${graph.name}`,
      resume ? 'resume with the model that it was trained with'
        : 'name another folder with --out, or replace it with --overwrite',
    )
  }
  if (!resume) {
    throw new UsageError(
      `${out} holds this model, trained already`,
      'go on with --resume, begin anew with --overwrite, or name another folder with --out',
    )
  }
  if (!existsSync(join(folder, CHECKPOINT_FILE))) {
    throw new UsageError(`${out} has a model, but no ${CHECKPOINT_FILE} to go on from`, 'begin anew with --overwrite')
  }
}

/** Removes what an earlier training wrote; other files stay. */
export async function clearOut(folder: string): Promise<void> {
  for (const file of FILES) await rm(join(folder, file), { force: true })
}

export interface RunOptions {
  /** The model's file, where it has layers of its own. */
  readonly model?: string | undefined
  readonly backend?: string | undefined
}

/** The saved model of a folder. @throws UsageError when there is none, or when its layers are not known. */
export async function openRun(folder: string, { model, backend = 'wasm' }: RunOptions): Promise<Model> {
  const run = showPath(resolve(folder))
  const on = choose('backend', backend, BACKENDS)
  if (!existsSync(folder)) throw new UsageError(`there is no folder or file ${run}`)
  if (!folder.endsWith(MODEL_ENDING) && !existsSync(join(folder, GRAPH_FILE))) {
    throw new UsageError(`${run} holds no model`, 'name a folder that was given to train as --out')
  }
  const layers = model === undefined ? [] : (await loadModel(model)).nodes.map(({ definition }) => definition)
  try {
    return await loadSaved(folder, { layers, backend: on })
  } catch (error) {
    const unknown = isLayergraphError(error) ? error.issues.find(({ code }) => code === 'graph/unknown-kind') : undefined
    if (unknown === undefined) throw error
    throw new UsageError(`${run}: ${unknown.message}`, 'name the file that it is in: --model digits.ts')
  }
}
