// A summary as a page, and the sections about a model that pages share.
import type { Analysis } from '../analysis/analyze.ts'
import { graphDrawing } from '../draw/graphDrawing.ts'
import { text } from '../draw/svg.ts'
import type { GraphData } from '../graph/graph.ts'
import { htmlPage, htmlTable, section } from './html.ts'
import { showInputs, summaryRows, type TableOptions, totalsRows } from './rows.ts'

/** The drawing, the layers with their totals, the findings. */
export function modelSections(graph: GraphData, analysis: Analysis, table: TableOptions = {}): readonly string[] {
  const rows = summaryRows(analysis, table)
  return [
    section('Model', `<div class="scroll">${graphDrawing(graph, analysis)}</div>`),
    section('Layers', `<div class="scroll">${htmlTable(rows.head, rows.numeric, rows.body)}</div>`,
      htmlTable(['total', ''], [false, true], totalsRows(analysis))),
    analysis.findings.length === 0 ? '' : section('Findings', htmlTable(['code', 'at', 'what', 'cure'], [], analysis.findings
      .map(({ code, at, message, hint = '' }) => [code, at, message, hint]))),
  ]
}

/** The page. */
export const summaryHtml = (graph: GraphData, analysis: Analysis, table: TableOptions = {}): string => htmlPage(analysis.name,
  `<h1>${text(analysis.name)}</h1><p class="lead">${text(showInputs(analysis))}</p>`, ...modelSections(graph, analysis, table))
