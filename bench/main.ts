// npm run bench: our times beside those of others, measured in turn in one run.
import { readFileSync, writeFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { endQuietly } from '../src/cli/terminal.ts'
import { limits } from './limits.ts'
import { machine } from './machine.ts'
import type { Clock } from './measure.ts'
import { compare, type Compared } from './run.ts'
import { type LimitRow, markdown, type Results, text } from './table.ts'
import { works } from './works.ts'

interface Options {
  readonly only?: readonly string[]
  readonly rounds: number
  readonly clock: Clock
  readonly list?: boolean
  readonly json?: boolean
  readonly markdown?: boolean
  readonly write?: boolean
}

const DOCUMENT = new URL('../docs/performance.md', import.meta.url)
const BEGIN = '<!-- npm run bench -- --write -->'
const END = '<!-- end -->'

function wholeNumber(value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value)
  throw new InvalidArgumentError('give a positive whole number')
}

function clockOf(value: string): Clock {
  if (value === 'wall' || value === 'cpu') return value
  throw new InvalidArgumentError('give wall or cpu')
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, ...value.split(',')]

/** One line that is written over in a terminal, one line each time it changes work elsewhere. */
function makeProgress(): { say(progress: string): void; clear(): void } {
  const { stderr } = process
  let before = ''
  return {
    say(progress) {
      const work = progress.split(':')[0] as string
      if (stderr.isTTY) stderr.write(`\r\x1b[K${progress}`)
      else if (work !== before) stderr.write(`${work}\n`)
      before = work
    },
    clear: () => { if (stderr.isTTY) stderr.write('\r\x1b[K') },
  }
}

async function run({ only, rounds, clock }: Options): Promise<Results> {
  const wanted = (name: string): boolean => only === undefined || only.includes(name)
  const progress = makeProgress()
  const compared: Compared[] = []
  for (const work of works().filter(({ name }) => wanted(name))) {
    compared.push(await compare(work, { rounds, clock, say: progress.say }))
  }
  const limited: LimitRow[] = []
  for (const { name, title, limit, unit = 's', measure } of limits.filter((one) => wanted(one.name))) {
    progress.say(`${name}: ${title}`)
    limited.push({ work: name, title, value: await measure(), unit, limit })
  }
  progress.clear()
  const waited = new Set(compared.flatMap((one) => one.waited))
  return {
    machine: machine(), clock, rounds, limits: limited,
    versions: [...new Set(compared.flatMap(({ versions }) => versions))],
    rows: compared.flatMap(({ rows }) => rows),
    warnings: waited.size === 0 ? []
      : [`The machine was busy: ${[...waited].join(' and ')} had to wait for the processor. --clock cpu counts what they used.`],
  }
}

/** Puts the table into docs/performance.md. */
function write(results: Results): void {
  const before = readFileSync(DOCUMENT, 'utf8')
  const begin = before.indexOf(BEGIN)
  const end = before.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT.pathname} lacks the lines ${BEGIN} and ${END}`)
  writeFileSync(DOCUMENT, `${before.slice(0, begin + BEGIN.length)}\n${markdown(results)}\n${before.slice(end)}`)
}

async function main(options: Options, command: Command): Promise<void> {
  const names = [...works(), ...limits].map(({ name, title }) => ({ name, title }))
  if (options.list) {
    for (const { name, title } of names) console.log(`${name.padEnd(20)} ${title}`)
    return
  }
  const unknown = options.only?.find((name) => names.every((one) => one.name !== name))
  if (unknown !== undefined) command.error(`error: there is no work "${unknown}"; --list shows them`)
  if (options.write && options.only !== undefined) command.error('error: --write needs all works, so leave out --only')
  const results = await run(options)
  if (options.write) write(results)
  console.log(options.json ? JSON.stringify(results, null, 2) : options.markdown ? markdown(results) : text(results))
}

endQuietly(process.stdout)
await new Command('npm run bench --')
  .description('Our times beside those of others: ratios, measured in turn in one run. A peer that is not installed is named.')
  .option('--only <names>', 'these works only, with commas or several times', collect)
  .option('--rounds <count>', 'turns of each, of which the median counts', wholeNumber, 7)
  .option('--clock <clock>', 'wall, or cpu: processor time, for a machine that is busy', clockOf, 'wall')
  .option('--list', 'the names of the works')
  .option('--json', 'as JSON')
  .option('--markdown', 'as Markdown')
  .option('--write', 'also into docs/performance.md')
  .action(main)
  .parseAsync()
