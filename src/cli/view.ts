// layergraph view MODEL
import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { copyFile, cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { GraphData } from '../graph/graph.ts'
import { printDocument } from '../graph/document.ts'
import { layers } from '../../layers/index.ts'
import { writeAtomic } from '../platform/files.ts'
import type { Given } from '../viewer/model/given.ts'
import { knownLayers } from '../viewer/model/known.ts'
import type { RunningServer } from '../viewer/server.ts'
import { pageOf, REPORT, serveViewer, type ViewerOptions } from '../viewer/serve.ts'
import { showPath } from './explain.ts'
import { UsageError } from './failure.ts'
import { home } from './home.ts'
import { watchInterrupts } from './interrupt.ts'
import { loadSized } from './node.ts'
import type { ViewCommand } from './program.ts'
import { endedRun } from './runs.ts'

/** The folder of the built page. */
const page = (): string => join(home().folder, 'dist/viewer')

/** The report of the training whose folder this is. */
function reportOf(model: string): string | undefined {
  const folder = resolve(model)
  const report = join(folder, 'report.html')
  return existsSync(folder) && statSync(folder).isDirectory() && existsSync(report) ? report : undefined
}

/** What opens an address in the user's browser. */
export function openBrowser(address: string): void {
  const [command, ...words] = process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  const child = spawn(command as string, [...words, address], { stdio: 'ignore', detached: true })
  // The address has been printed: where nothing can open it, the user does.
  child.on('error', () => undefined)
  child.unref()
}

/** Serves the page. @throws UsageError when the address cannot be had. */
export async function serve(options: Omit<ViewerOptions, 'folder'>): Promise<RunningServer> {
  const { port, host } = options
  try {
    return await serveViewer({ ...options, folder: page() })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new UsageError(`port ${port} is taken`, 'choose another with --port, or leave it out')
    if (code === 'EACCES') throw new UsageError(`port ${port} needs rights that this user has not`, 'choose one from 1024')
    if (code === 'ERR_SOCKET_BAD_PORT') throw new UsageError(`--port takes a whole number from 0 to 65535, but gets ${port}`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new UsageError(`this machine has no address ${host}`, 'leave out --host for this machine alone')
    throw error
  }
}

/** What the page is given of a model. */
export function givenOf(graph: GraphData, source: string): Given {
  const own = knownLayers(graph, layers)
  return { document: printDocument(graph), source, ...(own.length === 0 ? {} : { layers: own }) }
}

/** Writes the page with the model, and the report beside it, into a folder. */
async function written(given: Given, report: string | undefined, out: string): Promise<void> {
  await cp(page(), out, { recursive: true })
  await writeAtomic(join(out, 'index.html'), pageOf(page(), { ...given, ...(report === undefined ? {} : { report: REPORT }) }))
  if (report !== undefined) await copyFile(report, join(out, REPORT))
  process.stderr.write(`${showPath(out)}\n`)
}

/** Serves the viewer of a model until Ctrl-C, or writes it into a folder; with other runs, beside their curves. */
export async function view(model: string, others: readonly string[], options: ViewCommand): Promise<void> {
  const { out, port, host } = options
  const runs = others.length === 0 ? {} : { runs: [...new Set([model, ...others])].map(endedRun) }
  const given = { ...givenOf(await loadSized(model, options), model), ...runs }
  const report = reportOf(model)
  if (out !== undefined) return written(given, report, out)
  const server = await serve({
    given,
    ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }), ...(report === undefined ? {} : { report }),
  })
  process.stdout.write(`${model}: ${server.address}   (Ctrl-C ends it)\n`)
  if (options.open) openBrowser(server.address)
  await new Promise<void>((resolve) => { watchInterrupts({ onFirst: resolve, onSecond: () => undefined }) })
  await server.close()
}
