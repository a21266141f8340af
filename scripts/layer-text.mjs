// What a page in layers/ says in its comments: the description above the layer, and each key of its config.

/** A comment's text without its stars, paragraphs kept. */
function plain(comment) {
  return comment.replace(/^\/\*\*|\*\/$/g, '').split('\n').map((line) => line.replace(/^\s*\* ?/, '').trim()).join('\n').trim()
}

const COMMENT = String.raw`\/\*\*(?:[^*]|\*(?!\/))*\*\/`

/** Names that types go by on a page, in the words of JavaScript. */
const TYPES = {
  Size1d: 'number | [number]',
  Size2d: 'number | [number, number]',
  Size3d: 'number | [number, number, number]',
  Padding1d: "'valid' | 'same' | number | sides",
  Padding2d: "'valid' | 'same' | number | sides",
  Padding3d: "'valid' | 'same' | number | sides",
}

/** `{ K: 'Size2d', F: 'number' }` from the parameters of an interface. */
function parametersOf(text) {
  return Object.fromEntries([...text.matchAll(/(?:const )?(\w+) extends ([^,=<>]+?)(?:\s*=[^,]+)?(?=,|$)/g)].map(([, name, bound]) => [name, bound.trim()]))
}

function typeText(type, parameters) {
  const bound = parameters[type] ?? type
  return TYPES[bound] ?? bound
}

/** The settings of a config interface: key, optional, type, meaning. */
function settingsOf(source, kind) {
  const name = kind[0].toUpperCase() + kind.slice(1)
  const found = new RegExp(`export interface ${name}Config(?:<([\\s\\S]*?)>)? (?:extends [^{]*)?\\{\\n([\\s\\S]*?)\\n\\}`).exec(source)
  if (found === null) return []
  const parameters = parametersOf((found[1] ?? '').replace(/\s+/g, ' ').trim())
  const members = [...found[2].matchAll(new RegExp(String.raw`(${COMMENT})\s*(?:readonly )?(\w+)(\??): ([^\n]+?);?\n`, 'g')), ...[]]
  const last = new RegExp(String.raw`(${COMMENT})\s*(?:readonly )?(\w+)(\??): ([^\n]+?);?$`).exec(found[2])
  const all = last !== null && !members.some(([, , key]) => key === last[2]) ? [...members, last] : members
  return all.map(([, comment, key, mark, type]) => ({
    key, optional: mark === '?', type: typeText(type.trim(), parameters), meaning: plain(comment).replaceAll(/\s*\n\s*/g, ' '),
  }))
}

/** Paragraphs, with what follows @throws as the last one. */
function descriptionOf(source, kind) {
  const found = new RegExp(String.raw`(${COMMENT})\nexport const ${kind}\b`).exec(source)
  if (found === null) return ''
  const text = plain(found[1])
  const [body, ...tags] = text.split(/\n@/)
  const refuses = tags.filter((tag) => tag.startsWith('throws')).map((tag) => tag.replace(/^throws\s+/, '').replaceAll(/\s*\n\s*/g, ' '))
  const paragraphs = body.trim().split(/\n\n+/).map((one) => one.replaceAll(/\s*\n\s*/g, ' '))
  return [...paragraphs, ...refuses.map((one) => `Throws ${one}`)].join('\n\n')
}

/** What the source of a page says of its layer. */
export const layerText = (source, kind) => ({ description: descriptionOf(source, kind), settings: settingsOf(source, kind) })
