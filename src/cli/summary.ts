// layergraph summary <model>
import { analyze } from '../analysis/analyze.ts'
import { summaryJson } from '../report/json.ts'
import { summaryMarkdown } from '../report/markdown.ts'
import { summaryText } from '../report/text.ts'
import { EXIT, UsageError } from './failure.ts'
import { loadModel } from './model.ts'
import type { SummaryOptions } from './inspection.ts'
import { readInputs, readSettings } from './settings.ts'
import { wantsColor, widthOf } from './terminal.ts'

/** Prints the analysis of a model. Gives the exit code. */
export async function summary(model: string, options: SummaryOptions): Promise<number> {
  if (options.json && options.markdown) throw new UsageError('--json and --markdown exclude each other')
  const graph = await loadModel(model, readSettings(options.set))
  const input = readInputs(options.input, graph)
  const analysis = analyze(graph, input === undefined ? {} : { input })
  const out = process.stdout
  const text = options.json ? summaryJson(analysis)
    : options.markdown ? summaryMarkdown(analysis)
    : summaryText(analysis, { width: widthOf(out), color: wantsColor(out) })
  out.write(text.endsWith('\n') ? text : `${text}\n`)
  return analysis.findings.some(({ severity }) => severity === 'error') ? EXIT.model : EXIT.fine
}
