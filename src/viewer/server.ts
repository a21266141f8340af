// A small server for the page: the files of a folder, and answers made on the spot.
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, sep } from 'node:path'

/** An answer made on the spot. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void

export interface ServerOptions {
  /** Everything below it can be asked for. It is listed once, so that no address leads out of it. */
  readonly folder: string
  /** Answers by address, such as "/events"; they go before the files. "/" is index.html. */
  readonly answers?: Readonly<Record<string, Answer>>
  /** Default 0: one that is free. */
  readonly port?: number
  /** Default 127.0.0.1: this machine alone. */
  readonly host?: string
}

export interface RunningServer {
  readonly address: string
  /** Ends it, and every answer that is still under way. */
  close(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8', '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.png': 'image/png',
  '.map': 'application/json; charset=utf-8',
}

const LOCAL = ['127.0.0.1', 'localhost', '[::1]']

/** Sends a text, or bytes, under the type of such a file. */
export function send(response: ServerResponse, name: string, content: string | Uint8Array): void {
  response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream', 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff',
  })
  response.end(content)
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${why}\n`)
}

function filesOf(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(files.map((entry) => {
    const file = join(entry.parentPath ?? entry.path, entry.name)
    return [`/${file.slice(folder.length).split(sep).filter((part) => part !== '').join('/')}`, file]
  }))
}

/** Starts serving. @throws Error with `code` EADDRINUSE when the port is taken. */
export async function startServer({ folder, answers = {}, port = 0, host = '127.0.0.1' }: ServerOptions): Promise<RunningServer> {
  const files = filesOf(folder)
  const isLocal = LOCAL.includes(host)
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const name = (request.headers.host ?? '').replace(/:\d+$/, '')
    // Another site that gives its own name this machine's address must not read along.
    if (isLocal && !LOCAL.includes(name)) return refuse(response, 403, `This server answers to ${host} alone.`)
    const answer = answers[pathname]
    if (answer !== undefined) return answer(request, response)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'There is nothing to change here.')
    const file = files.get(pathname === '/' ? '/index.html' : pathname)
    if (file === undefined) return refuse(response, 404, 'There is no such file.')
    return send(response, file, readFileSync(file))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}
