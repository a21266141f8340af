// layergraph summary <model>
import { analyze } from '../analysis/analyze.ts'
import { withInputs } from '../graph/sites.ts'
import { EXIT, UsageError } from './failure.ts'
import { loadModel } from './model.ts'
import type { SummaryOptions } from './inspection.ts'
import { readInputs, readSettings } from './settings.ts'
import { wantsColor, widthOf } from './terminal.ts'

/** Prints the analysis of a model. Gives the exit code. */
export async function summary(model: string, options: SummaryOptions): Promise<number> {
  const forms = (['json', 'markdown', 'csv', 'html'] as const).filter((form) => options[form] === true)
  if (forms.length > 1) throw new UsageError(`--${forms[0]} and --${forms[1]} exclude each other`)
  const graph = await loadModel(model, readSettings(options.set))
  const input = readInputs(options.input, graph)
  const analysis = analyze(graph, input === undefined ? {} : { input })
  const out = process.stdout
  const { columns, sort, depth, subtotals } = options
  const table = {
    subtotals,
    ...(columns === undefined ? {} : { columns: columns.split(',') }), ...(sort === undefined ? {} : { sort }),
    ...(depth === undefined ? {} : { depth: Number(depth) }),
  }
  // The page alone draws, so that the other forms load no layout and no PNG.
  const text = options.json ? (await import('../report/json.ts')).summaryJson(analysis)
    : options.markdown ? (await import('../report/markdown.ts')).summaryMarkdown(analysis, table)
    : options.csv ? (await import('../report/csv.ts')).summaryCsv(analysis, table)
    : options.html ? (await import('../report/summaryHtml.ts'))
        .summaryHtml(input === undefined ? graph : withInputs(graph, input), analysis, table)
    : (await import('../report/text.ts')).summaryText(analysis, { ...table, width: widthOf(out), color: wantsColor(out) })
  out.write(text.endsWith('\n') ? text : `${text}\n`)
  return analysis.findings.some(({ severity }) => severity === 'error') ? EXIT.model : EXIT.fine
}
