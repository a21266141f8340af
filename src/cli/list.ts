// layergraph list
import { graphs } from '../../graphs/index.ts'
import { colors } from './terminal.ts'

/** Prints the built-in models, a line each. */
export function list(): void {
  const paint = colors(process.stdout)
  const width = Math.max(...graphs.map(({ name }) => name.length))
  const lines = graphs.map(({ name, summary }) =>
    `${paint.bold(name)}${' '.repeat(width - name.length)}  ${summary}`)
  process.stdout.write(`${lines.join('\n')}\n`)
}
