// The worker of the playground: the model lives here, so that the page stays smooth while it learns.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { isLayergraphError } from '../../../spec/issue.ts'
import type { Message, Request } from '../../playground/protocol.ts'
import { createSession } from '../../playground/session.ts'

const beside = (name: string): string => new URL(`./playground/${name}`, import.meta.url).href
const post = (message: Message): void => postMessage(message)

setWasmPaths(beside(''))

const session = createSession({
  onCourse: (course) => post({ course }),
  fetch: async (name) => {
    const response = await fetch(beside(name))
    if (!response.ok) throw new Error(`${name} cannot be loaded (${response.status})`)
    return new Uint8Array(await response.arrayBuffer())
  },
})

addEventListener('message', ({ data: { id, request } }: MessageEvent<{ readonly id: number; readonly request: Request }>) => {
  session(request).then(
    (answer) => post({ id, answer }),
    (error: unknown) => post({
      id, refused: isLayergraphError(error) ? error.issues.map(({ at, message, hint }) => `${at}: ${message}${hint === undefined ? '' : ` → ${hint}`}`).join('; ') : String(error),
    }),
  )
})
