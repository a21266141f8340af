// SVG as text: elements, and the colours that all drawings share.

type Attributes = Readonly<Record<string, string | number | undefined>>

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] as string)

/** At most two decimals, so that drawings are the same on every machine. */
const show = (value: string | number): string => (typeof value === 'number' ? String(Math.round(value * 100) / 100) : value)

/** One element; children are elements, or text made by `text`. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escape(show(value))}"`])
  const open = `<${name}${written.join('')}`
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`
}

/** Text as a child of an element. */
export const text = escape

/** A line of text at a place. */
export const label = (x: number, y: number, content: string, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, text(content))

/** Colours by name, for light and dark pages. */
const PALETTE = {
  ink: ['#1f2933', '#e4e7eb'],
  faint: ['#9aa5b1', '#7b8794'],
  line: ['#cbd2d9', '#52606d'],
  cell: ['#f5f7fa', '#323f4b'],
  seen: ['#3e8ed0', '#63b3ed'],
  unit: ['#e8833a', '#f6ad55'],
  paper: ['#ffffff', '#1a202c'],
  scope: ['#f7f9fb', '#232b38'],
  soft: ['#52606d', '#b8c1cc'],
  blue: ['#d6e9fa', '#1f4a73'],
  violet: ['#e6e0fa', '#453a78'],
  green: ['#d9f2dd', '#1f5a34'],
  sand: ['#fbf0cf', '#5e4d17'],
  rose: ['#fde0df', '#6b2f35'],
  teal: ['#d3f1f0', '#185753'],
  grey: ['#e8ebee', '#3c4756'],
  mauve: ['#f4e1f3', '#5b2f5c'],
} as const

export type Colour = keyof typeof PALETTE

const rules = (index: 0 | 1): string => Object.entries(PALETTE)
  .map(([name, pair]) => `.${name}{fill:${pair[index]}}.${name}-line{fill:none;stroke:${pair[index]}}`).join('')

/** The colours by class, for pages around drawings. */
export const STYLE = `text{font:12px system-ui,sans-serif}${rules(0)}@media(prefers-color-scheme:dark){${rules(1)}}`

/** A whole drawing. `title` says what it shows to those who cannot see it. */
export function drawing(width: number, height: number, title: string, ...children: readonly string[]): string {
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${show(width)} ${show(height)}`, role: 'img' }
  return `${element('svg', attributes, element('title', {}, text(title)), element('style', {}, STYLE), ...children)}\n`
}
