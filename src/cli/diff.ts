// layergraph diff <before> <after>
import { execFileSync } from 'node:child_process'
import { extname } from 'node:path'
import { diff as compare, isSame } from '../analysis/diff.ts'
import type { GraphData } from '../graph/graph.ts'
import { withInputs } from '../graph/sites.ts'
import { diffText } from '../report/diff.ts'
import { numbersOnLines } from '../report/json.ts'
import { EXIT, FileError, UsageError } from './failure.ts'
import { loadModel } from './model.ts'
import type { SizedOptions } from './options.ts'
import { readInputs, readSettings } from './settings.ts'
import { wantsColor } from './terminal.ts'

export interface DiffCommand extends SizedOptions {
  readonly json?: boolean
  readonly exitCode?: boolean
}

/** "HEAD~1:model.json": a document as it was in git. A drive letter is none. */
const AT_REVISION = /^([^:/\\][^:]+):([^:]+)$/

async function fromGit(argument: string, path: string): Promise<GraphData> {
  if (extname(path) !== '.json') {
    throw new UsageError(`${argument} is not a document`, 'code of another revision cannot run by itself: compare documents, `layergraph json model.ts > model.json`')
  }
  let text: string
  try {
    text = execFileSync('git', ['show', argument], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? (error as Error).message).trim().split('\n')[0]
    throw new UsageError(`git does not show ${argument}: ${said}`)
  }
  const { parseGraph } = await import('../door.ts')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new FileError(argument, error)
  }
  return parseGraph(json)
}

async function load(argument: string, options: SizedOptions): Promise<GraphData> {
  const path = AT_REVISION.exec(argument)?.[2]
  if (path !== undefined) return fromGit(argument, path)
  const graph = await loadModel(argument, readSettings(options.set))
  const input = readInputs(options.input, graph)
  return input === undefined ? graph : withInputs(graph, input)
}

/** Prints what changed. Gives the exit code. */
export async function diff(before: string, after: string, options: DiffCommand): Promise<number> {
  const changes = compare(await load(before, options), await load(after, options))
  process.stdout.write(options.json ? numbersOnLines(changes) : diffText(changes, { color: wantsColor(process.stdout) }))
  return options.exitCode === true && !isSame(changes) ? EXIT.model : EXIT.fine
}
