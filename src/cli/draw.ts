// layergraph draw MODEL -o model.svg
import { extname } from 'node:path'
import { analyze } from '../analysis/analyze.ts'
import { graphDrawing } from '../draw/graphDrawing.ts'
import { drawingPage } from '../draw/page.ts'
import { writeAtomic } from '../platform/files.ts'
import { showPath } from './explain.ts'
import { UsageError } from './failure.ts'
import { loadSized } from './node.ts'
import type { DrawOptions } from './program.ts'
import { toPng } from './raster.ts'

const ENDINGS = ['.svg', '.png', '.html'] as const

/** Writes a drawing of a model; without a file, SVG to the output. */
export async function draw(model: string, options: DrawOptions): Promise<void> {
  const { output } = options
  if (output !== undefined && !(ENDINGS as readonly string[]).includes(extname(output))) {
    throw new UsageError(`a drawing cannot be written as ${extname(output) === '' ? output : extname(output)}`, `end the file in ${ENDINGS.join(', ')}`)
  }
  const graph = await loadSized(model, options)
  const svg = graphDrawing(graph, analyze(graph), options.depth === undefined ? {} : { depth: options.depth })
  if (output === undefined) {
    process.stdout.write(svg)
    return
  }
  const content = extname(output) === '.png' ? await toPng(svg, options.scale)
    : extname(output) === '.html' ? drawingPage(graph.name, svg)
    : svg
  await writeAtomic(output, content)
  process.stderr.write(`${showPath(output)}\n`)
}
