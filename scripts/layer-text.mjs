// What a page in layers/ says in its comments: the description above the layer, and each key of its config, also where the page
// has it from what several layers share in src/spec.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const spec = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src/spec')

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

let shared = null
/** The sources of what layers share. */
const sharedText = () => (shared ??= readdirSync(spec).map((file) => readFileSync(join(spec, file), 'utf8')).join('\n'))

/** `{ K: 'Size2d', F: 'number' }` from the parameters of an interface. */
function parametersOf(text) {
  return Object.fromEntries([...text.matchAll(/(?:const )?(\w+) extends ([^,=<>]+?)(?:\s*=[^,]+)?(?=,|$)/g)].map(([, name, bound]) => [name, bound.trim()]))
}

/** Commas outside of brackets part a list. */
const listOf = (text) => text.split(/,(?![^<]*>)/).map((one) => one.trim()).filter((one) => one !== '')

/** The keys of an interface, after those of the one it extends: key, optional, type, comment. A key of its own takes the place of theirs. */
function keysOf(source, name, given) {
  const found = new RegExp(`export interface ${name}(?:<([\\s\\S]*?)>)? (?:extends (\\w+)(?:<([^{]*)>)? )?\\{(?:\\}|\\n([\\s\\S]*?)\\n\\})`).exec(source)
  if (found === null) return null
  const [, own = '', base, passed = '', body = ''] = found
  const parameters = { ...parametersOf(own.replace(/\s+/g, ' ').trim()), ...given }
  const members = [...`${body}\n`.matchAll(new RegExp(String.raw`(${COMMENT})\s*(?:readonly )?(\w+)(\??): ([^\n]+?);?\n`, 'g'))]
    .map(([, comment, key, mark, type]) => ({ key, optional: mark === '?', type: parameters[type.trim()] ?? type.trim(), comment }))
  if (base === undefined) return members
  const text = sharedText()
  const letters = Object.keys(parametersOf((new RegExp(`export interface ${base}<([\\s\\S]*?)>`).exec(text)?.[1] ?? '').replace(/\s+/g, ' ').trim()))
  const inherited = keysOf(text, base, Object.fromEntries(listOf(passed).map((type, index) => [letters[index], parameters[type] ?? type])))
  if (inherited === null) throw new Error(`${name} extends ${base}, which is not in src/spec`)
  return [...inherited.filter(({ key }) => members.every((member) => member.key !== key)), ...members]
}

/** The settings of a config interface: key, optional, type, meaning. */
function settingsOf(source, kind) {
  const keys = keysOf(source, `${kind[0].toUpperCase()}${kind.slice(1)}Config`, {}) ?? []
  return keys.map(({ key, optional, type, comment }) =>
    ({ key, optional, type: TYPES[type] ?? type, meaning: plain(comment).replaceAll(/\s*\n\s*/g, ' ') }))
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
