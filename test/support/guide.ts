// What the pages of the documentation hold to be tried: their code, on the built package.
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { ROOT } from './command.ts'

/** The code blocks of a page in one language; '' for those that name none. */
export const blocks = (page: string, language: string): readonly string[] =>
  [...page.matchAll(/```(\w*)\n([\s\S]*?)```/g)].filter(([, name]) => name === language).map(([, , code]) => code as string)

/** The doors of the package, by the files behind them. */
const DOORS = {
  layergraph: 'src/index.js', 'layergraph/graphs': 'graphs/index.js', 'layergraph/runtime': 'src/runtime/index.js',
  'layergraph/kernels': 'src/kernels/index.js',
}

/** The program with the built files in place of the doors it imports from. */
export const onBuilt = (program: string): string => Object.entries(DOORS).reduce((code, [door, file]) =>
  code.replaceAll(`'${door}'`, `'${pathToFileURL(join(ROOT, 'dist', file)).href}'`), program)
