// What a look at a model loads: its page, not every page, so that the command is there at once.
import { describe, expect, test } from 'vitest'
import { node } from '../support/command.ts'

const js = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`
const HOOKS = js(`import { writeSync } from 'node:fs'
export const load = (url, context, next) => { writeSync(2, url + '\\n'); return next(url, context) }`)
const WATCH = js(`import { register } from 'node:module'; register(${JSON.stringify(HOOKS)})`)

/** The files of a folder that the process loads, without their folders. */
const loadedFrom = (urls: string, folder: string): readonly string[] =>
  [...urls.matchAll(new RegExp(`/dist/${folder}/(\\w+)\\.js`, 'g'))].map(([, name]) => name as string).toSorted()

describe('the start of a summary', () => {
  test('loads the model that is named, and the layers it is made of', async () => {
    const { code, err } = await node(['--import', WATCH, 'dist/src/cli/main.js', 'summary', 'vgg16', '--json'])
    expect(code).toBe(0)
    expect(loadedFrom(err, 'graphs')).toEqual(['config', 'vgg16'])
    expect(loadedFrom(err, 'layers')).toEqual(['conv2d', 'dense', 'dropout', 'flatten', 'maxPool2d'])
    expect(err).not.toContain('@tensorflow')
    expect(err).not.toContain('/node_modules/zod/')
    expect(loadedFrom(err, 'src/draw')).toEqual([])
  })
})
