// The formula of a layer's page, with the numbers of one use in place of its letters.

/** What stands in a formula's place at one use of the layer. */
export interface Filling {
  /** Numbers by letter; a list has one for each axis of the image. A text is what a letter is short for: "(16 + 4 + 1)". */
  readonly letters: Readonly<Record<string, number | string | readonly number[]>>
  /** Parts of the formula that read otherwise here: "ceil" in place of "floor", or nothing in place of a term that is not there. */
  readonly reads?: Readonly<Record<string, string>>
}

/** What a page says of sizes, parameters and multiply-accumulates; `null` where it has no rule for them. */
export interface FormulaParts {
  readonly out: string | null
  readonly params: string | null
  readonly macs: string | null
}

/** A rule without what is said of it behind a comma. */
function ruleOf(text: string): string {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    depth += '(['.includes(text[at] as string) ? 1 : ')]'.includes(text[at] as string) ? -1 : 0
    if (depth === 0 && text.startsWith(', ', at)) return text.slice(0, at)
  }
  return text
}

/** "out = …; params = …; MACs = …" in parts, as they read at one use. */
export function partsOf(formula: string, reads: Filling['reads'] = {}): FormulaParts {
  const find = (name: string): string | null => {
    const part = formula.split('; ').find((one) => one.startsWith(`${name} = `))
    if (part === undefined) return null
    return Object.entries(reads).reduce((text, [before, after]) => text.replace(before, () => after), ruleOf(part.slice(name.length + 3)))
  }
  return { out: find('out'), params: find('params'), macs: find('MACs') }
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** Where the letters are in a text, the longest first. */
function lettersIn(letters: Filling['letters']): RegExp {
  const names = Object.keys(letters).toSorted((a, b) => b.length - a.length).map(escaped)
  return new RegExp(String.raw`(?<![\p{L}\d])(?:${names.join('|')})(?![\p{L}\d²])`, 'gu')
}

/** How many axes a rule is to be read for: 0 when none of its letters has a number for each axis. */
export function axesIn(text: string, { letters }: Filling): number {
  const found = Object.keys(letters).length === 0 ? [] : [...text.matchAll(lettersIn(letters))]
  return Math.max(0, ...found.map(([letter]) => letters[letter]).map((value) => (Array.isArray(value) ? value.length : 0)))
}

/** The text with numbers for letters, those of an axis where there is one for each. */
export function fillIn(text: string, { letters }: Filling, show: (value: number) => string, axis = 0): string {
  if (Object.keys(letters).length === 0) return text
  const filled = text.replaceAll(lettersIn(letters), (letter, at: number, whole: string) => {
    const value = letters[letter] as Filling['letters'][string]
    const one = Array.isArray(value) ? (value as readonly number[])[axis] as number : value as number | string
    const shown = typeof one === 'string' ? one : one < 0 ? `(${show(one)})` : show(one)
    // "D(K − 1)" is a product too.
    return whole[at + letter.length] === '(' ? `${shown}·` : shown
  })
  return filled.replaceAll(/\s*([·−])\s*/g, ' $1 ')
}
