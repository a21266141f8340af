// The page with a model in it, on a server.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Given, withGiven } from './model/given.ts'
import { type Answer, type RunningServer, send, type ServerOptions, startServer } from './server.ts'

export interface ViewerOptions extends Pick<ServerOptions, 'port' | 'host' | 'answers'> {
  /** The built page: dist/viewer. */
  readonly folder: string
  readonly given: Given
  /** The file of a training's report, shown beside the model. */
  readonly report?: string
}

/** Where the report of a training is, from the page. */
export const REPORT = 'report.html'

/** The page with what it is given. */
export const pageOf = (folder: string, given: Given): string => withGiven(readFileSync(join(folder, 'index.html'), 'utf8'), given)

/** Starts the viewer of a model. @throws Error with `code` EADDRINUSE when the port is taken. */
export function serveViewer({ folder, given, report, answers = {}, ...where }: ViewerOptions): Promise<RunningServer> {
  const hasReport = report !== undefined && existsSync(report)
  const page = pageOf(folder, hasReport ? { ...given, report: REPORT } : given)
  const index: Answer = (_request, response) => send(response, 'index.html', page)
  return startServer({
    ...where, folder,
    answers: {
      '/': index, '/index.html': index,
      ...(hasReport ? { [`/${REPORT}`]: ((_request, response) => send(response, REPORT, readFileSync(report))) satisfies Answer } : {}),
      ...answers,
    },
  })
}
