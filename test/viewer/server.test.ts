// The server: the files of one folder, to this machine alone.
import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { withGiven } from '../../src/viewer/model/given.ts'
import { type ServerOptions, startServer } from '../../src/viewer/server.ts'
import { folder } from '../support/command.ts'

async function served(options: Partial<ServerOptions> = {}): Promise<string> {
  const root = folder()
  writeFileSync(join(root, 'secret.txt'), 'secret')
  mkdirSync(join(root, 'site/chunks'), { recursive: true })
  writeFileSync(join(root, 'site/index.html'), '<!doctype html>home')
  writeFileSync(join(root, 'site/chunks/one.js'), 'export {}')
  const { address, close } = await startServer({ folder: join(root, 'site'), ...options })
  onTestFinished(() => close())
  return address
}

/** The path as it is: `fetch` would tidy it up. */
const raw = (address: string, path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  new Promise<{ readonly status: number | undefined; readonly text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(address)
    request({ hostname, port, path, headers, method }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => { text += part }).on('end', () => resolve({ status: response.statusCode, text }))
    }).on('error', reject).end()
  })

describe('the server', () => {
  test('serves files with their types', async () => {
    const address = await served()
    expect(await (await fetch(address)).text()).toContain('home')
    const script = await fetch(`${address}chunks/one.js`)
    expect(script.headers.get('content-type')).toContain('text/javascript')
    expect((await fetch(`${address}chunks/two.js`)).status).toBe(404)
  })

  test.each(['/../secret.txt', '/chunks/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '//../secret.txt', '/chunks/..\\..\\secret.txt'])(
    'does not leave its folder for %s', async (path) => {
      const { status, text } = await raw(await served(), path)
      expect(status).toBe(404)
      expect(text).not.toContain('secret')
    })

  test('answers to its own name alone, and changes nothing', async () => {
    const address = await served()
    expect((await raw(address, '/', { host: 'elsewhere.example' })).status).toBe(403)
    expect((await raw(address, '/', { host: `localhost:${new URL(address).port}` })).status).toBe(200)
    expect((await raw(address, '/', {}, 'POST')).status).toBe(405)
  })

  test('answers on the spot, and ends what is under way', async () => {
    const address = await served({ answers: { '/events': (_request, response) => { response.write('data: 1\n\n') } } })
    const { value } = await ((await fetch(`${address}events`)).body as ReadableStream<Uint8Array>).getReader().read()
    expect(new TextDecoder().decode(value)).toBe('data: 1\n\n')
  })

  test('says when a port is taken', async () => {
    const { port } = new URL(await served())
    await expect(served({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

describe('the page with a model', () => {
  const page = 'a<script type="application/json" id="given">null</script>z'

  test('holds its document, whatever its names', () => {
    const given = { source: '</script><b>$&', document: { format: 'layergraph/1', name: 'x', inputs: [], nodes: [], outputs: [] } } as never
    const text = withGiven(page, given)
    const [, json] = /id="given">(.*)<\/script>z$/.exec(text) as unknown as [string, string]
    expect(json).not.toContain('<')
    expect(JSON.parse(json)).toEqual(given)
  })

  test('must have a place for it', () => {
    expect(() => withGiven('nothing', {} as never)).toThrow('no place')
  })
})
