// The parts that pages are made of: one file, nothing to load, light and dark.
import { encode } from 'fast-png'
import { text } from '../draw/svg.ts'
import { base64 } from './base64.ts'
import type { Picture } from './review.ts'

const STYLE = `
:root{color-scheme:light dark;--ink:#1f2933;--soft:#52606d;--line:#cbd2d9;--paper:#fff;--cell:#f5f7fa;--mark:62,142,208}
@media(prefers-color-scheme:dark){:root{--ink:#e4e7eb;--soft:#b8c1cc;--line:#52606d;--paper:#1a202c;--cell:#283141;--mark:99,179,237}}
body{margin:0 auto;max-width:72rem;padding:1rem 1.5rem 4rem;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.1rem;margin:2.2rem 0 .6rem}
.lead{font-size:1.15rem}.soft{color:var(--soft)}
.row{display:flex;flex-wrap:wrap;gap:1rem}.scroll{overflow:auto;max-height:80vh;border:1px solid var(--line);border-radius:6px}
svg{max-width:none}.charts svg{max-width:100%;height:auto}
table{border-collapse:collapse;font-size:13px}th,td{padding:.2rem .6rem;border-bottom:1px solid var(--line);text-align:left}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.confusion td{width:2.6em;text-align:center;border:1px solid var(--line)}
figure{margin:0;text-align:center;font-size:12px}img{image-rendering:pixelated;border:1px solid var(--line);background:var(--cell)}`

/** A whole page. */
export const htmlPage = (title: string, ...parts: readonly string[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title><style>${STYLE}</style></head><body>
${parts.join('\n')}
</body></html>
`

export const section = (title: string, ...parts: readonly string[]): string =>
  parts.length === 0 ? '' : `<section><h2>${text(title)}</h2>${parts.join('\n')}</section>`

/** A table; columns that are numeric stand at their right. */
export function htmlTable(head: readonly string[], numeric: readonly boolean[], body: readonly (readonly string[])[]): string {
  const cell = (tag: 'th' | 'td') => (value: string, column: number): string =>
    `<${tag}${numeric[column] === true ? ' class="n"' : ''}>${text(value)}</${tag}>`
  const rows = body.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`)
  return `<table><thead><tr>${head.map(cell('th')).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

/** An image within the page, `width` pixels wide. */
export function htmlPicture({ data, width, height, channels }: Picture, shown: number, alt: string): string {
  const png = encode({ width, height, data, channels, depth: 8 })
  return `<img src="data:image/png;base64,${base64(png)}" width="${shown}" height="${Math.round((shown * height) / width)}" alt="${text(alt)}">`
}
