// The commands and their options. What a command does is loaded when it runs, so that the help and the summary
// of a model start no tensor library.
import { Command } from 'commander'
import { home } from './home.ts'

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

const MODEL = 'a .ts, .js or .json file (file.ts#name for a named export), or a built-in name'

const INPUT = 'other input sizes, such as 32x32x1 or ?x?x3; name=32x32x1 for one of several'
const SET = "a setting of the model's config; may be repeated"

export interface ModelOptions {
  readonly set?: readonly string[]
}

export interface SummaryOptions extends ModelOptions {
  readonly input?: readonly string[]
  readonly json?: boolean
  readonly markdown?: boolean
}

/** The command line, ready to parse. Actions set `process.exitCode`. */
export function program(): Command {
  const command = new Command('layergraph')
    .description('Convolutional networks as layer graphs: look at them, train them, use them.')
    .version(home().version, '-V, --version')
    .exitOverride()
    .showHelpAfterError('(--help says more)')
    .helpCommand(false)
    .addHelpText('after', examples(
      'layergraph list',
      'layergraph summary vgg16 --set classes=10',
      'layergraph summary digits.ts --input 32x32x1',
    ))
  summary(command)
  list(command)
  json(command)
  return command
}

const examples = (...lines: readonly string[]): string =>
  ['', 'Examples:', ...lines.map((line) => `  $ ${line}`), ''].join('\n')

function summary(command: Command): void {
  command.command('summary')
    .description('Shapes, parameters, multiplications and receptive field of every layer')
    .argument('<model>', MODEL)
    .option('--json', 'as JSON')
    .option('--markdown', 'as a Markdown table')
    .option('--input <sizes>', INPUT, collect)
    .option('--set <key=value>', SET, collect)
    .addHelpText('after', examples(
      'layergraph summary lenet5',
      'layergraph summary vgg16 --set classes=10 --input 64x64x3',
      'layergraph summary digits.ts#small --json | jq .totals',
    ))
    .action(async (model: string, options: SummaryOptions) => {
      process.exitCode = await (await import('./summary.ts')).summary(model, options)
    })
}

function list(command: Command): void {
  command.command('list')
    .description('The built-in models')
    .action(async () => (await import('./list.ts')).list())
}

function json(command: Command): void {
  command.command('json')
    .description('The graph document of a model')
    .argument('<model>', MODEL)
    .option('--set <key=value>', SET, collect)
    .addHelpText('after', examples('layergraph json lenet5 > lenet5.json'))
    .action(async (model: string, options: ModelOptions) => (await import('./json.ts')).json(model, options))
}
