// Where output goes: colours and width.
import pc from 'picocolors'

/** Colours, on a terminal alone; NO_COLOR takes them away, FORCE_COLOR brings them to a pipe. */
export function colors(stream: NodeJS.WriteStream): ReturnType<typeof pc.createColors> {
  return pc.createColors(wantsColor(stream))
}

export function wantsColor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0'
  return stream.isTTY === true && env.TERM !== 'dumb'
}

/** Characters per line; unlimited when it is not a terminal. */
export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY
}

/** Characters per line of a drawing, which would not gain from a very wide terminal. */
export function drawingWidth(stream: NodeJS.WriteStream): number {
  return Math.min(widthOf(stream), 100)
}

/** A reader that stops early, as `| head` does, is no error. */
export function endQuietly(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
    throw error
  })
}
