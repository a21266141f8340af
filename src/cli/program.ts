// The commands and their options. What a command does is loaded when it runs, so that the help and the summary
// of a model start no tensor library.
import { Command } from 'commander'
import { UsageError } from './failure.ts'
import { home } from './home.ts'
import { inspection } from './inspection.ts'
import { collect, examples, INPUT, MODEL, type ModelOptions, SET, type SizedOptions, whole } from './options.ts'
import type { GivenSettings } from './trainSettings.ts'

export interface TrainCommand extends ModelOptions, GivenSettings {
  readonly out?: string
  readonly resume?: boolean
  readonly overwrite?: boolean
  readonly view?: boolean
  readonly port?: number
  readonly open: boolean
}

export interface DrawOptions extends SizedOptions {
  readonly output?: string
  readonly depth?: number
  readonly scale: number
}

export interface ViewCommand extends SizedOptions {
  readonly port?: number
  readonly host?: string
  readonly out?: string
  readonly open: boolean
}

interface RunCommand {
  readonly model?: string
  readonly backend?: string
  readonly json?: boolean
}

export interface EvaluateCommand extends RunCommand, Pick<GivenSettings, 'data' | 'loss' | 'batchSize'> {}

export interface PredictCommand extends RunCommand {
  readonly fit: string
  readonly invert: string
  readonly top: number
  readonly labels?: string
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
      'layergraph field vgg16 block3 --at 10,10',
      'layergraph train mnistNet --epochs 3 --out runs/mnist',
      'layergraph predict runs/mnist seven.png',
    ))
  inspection(command)
  train(command)
  evaluate(command)
  predict(command)
  list(command)
  json(command)
  docs(command)
  draw(command)
  view(command)
  return command
}

/** A number from `from`, below `below`. */
const number = (option: string, from: number, below = Number.POSITIVE_INFINITY) => (text: string): number => {
  const value = Number(text)
  if (text.trim() !== '' && value >= from && value < below) return value
  const range = below === Number.POSITIVE_INFINITY ? `from ${from}` : `from ${from}, below ${below}`
  throw new UsageError(`${option} takes a number ${range}, but gets "${text}"`)
}

const DATA = 'mnist, or a folder with the IDX files of a data set, gzipped or not'
const LOSS = 'softmaxCrossEntropy, sigmoidCrossEntropy or meanSquaredError'
const BACKEND = 'wasm, or cpu, which is slow'
const RUN = 'the folder that a model was saved to, or a .safetensors file that holds all of it'
const VALIDATION = 'share of the training images, the last ones, to validate with after each epoch (default: 0)'
const FIT = 'digit: cut out the ink and centre it as MNIST does; resize: scale the whole picture; '
  + 'auto: digit where the model takes gray images'
const OWN_LAYERS = "the model's file, where it has layers of its own"

function train(command: Command): void {
  command.command('train')
    .description('Train a model on images and save it')
    .argument('<model>', MODEL)
    .option('--data <data>', `${DATA} (default: mnist)`)
    .option('--epochs <n>', 'times through the data (default: 3)', whole('--epochs', 1))
    .option('--batch-size <n>', 'images per update (default: 128)', whole('--batch-size', 1))
    .option('--optimizer <name>', 'sgd, adam or adamW (default: adam)')
    .option('--learning-rate <rate>', 'default: 0.001, sgd 0.01', number('--learning-rate', 0))
    .option('--schedule <name>', 'constant, cosine, exponential:factor=0.9 or step:every=2,factor=0.1 (default: constant)')
    .option('--warmup <n>', 'updates over which the learning rate grows to its full size (default: 0)', whole('--warmup', 0))
    .option('--momentum <m>', 'of sgd (default: 0)', number('--momentum', 0, 1))
    .option('--nesterov', 'of sgd: look one step ahead along the momentum')
    .option('--weight-decay <d>', 'of sgd (default: 0) and adamW (default: 0.01)', number('--weight-decay', 0))
    .option('--beta1 <b>', 'of adam and adamW (default: 0.9)', number('--beta1', 0, 1))
    .option('--beta2 <b>', 'of adam and adamW (default: 0.999)', number('--beta2', 0, 1))
    .option('--epsilon <e>', 'of adam and adamW (default: 1e-8)', number('--epsilon', 0))
    .option('--loss <name>', `${LOSS} (default: softmaxCrossEntropy)`)
    .option('--validation <share>', VALIDATION, number('--validation', 0, 1))
    .option('--seed <n>', 'decides first weights, order and dropout (default: 0)', whole('--seed', Number.MIN_SAFE_INTEGER))
    .option('--backend <name>', `${BACKEND} (default: wasm)`)
    .option('--set <key=value>', SET, collect)
    .option('--out <folder>', 'where to save (default: runs/ and the name of the model)')
    .option('--resume', 'go on with the training in --out, with its settings')
    .option('--overwrite', 'replace the model in --out')
    .option('--view', 'follow it in the browser, beside the runs in the folders next to --out')
    .option('--port <n>', 'of the page of --view (default: one that is free)', whole('--port', 0))
    .option('--no-open', 'only print the address of the page')
    .addHelpText('after', examples(
      'layergraph train lenet5 --epochs 5',
      'layergraph train digits.ts --data mnist --epochs 3 --batch-size 64 --learning-rate 1e-3 --seed 1 --out runs/digits',
      'layergraph train digits.ts --optimizer sgd --momentum 0.9 --schedule cosine --warmup 200 --validation 0.1 --out runs/sgd',
      'layergraph train digits.ts --data fashion/ --out runs/fashion --view',
      'layergraph train digits.ts --out runs/digits --resume --epochs 6',
    ))
    .action(async (model: string, options: TrainCommand) => {
      process.exitCode = await (await import('./train.ts')).train(model, options)
    })
}

function evaluate(command: Command): void {
  command.command('evaluate')
    .description('Try a trained model on the test images')
    .argument('<run>', RUN)
    .option('--data <data>', `${DATA} (default: that of the training)`)
    .option('--loss <name>', `${LOSS} (default: that of the training)`)
    .option('--batch-size <n>', 'images at a time (default: that of the training)', whole('--batch-size', 1))
    .option('--model <model>', OWN_LAYERS)
    .option('--backend <name>', BACKEND, 'wasm')
    .option('--json', 'as JSON')
    .addHelpText('after', examples(
      'layergraph evaluate runs/digits',
      'layergraph evaluate runs/digits --data fashion/ --json',
    ))
    .action(async (run: string, options: EvaluateCommand) => {
      process.exitCode = await (await import('./evaluate.ts')).evaluate(run, options)
    })
}

function predict(command: Command): void {
  command.command('predict')
    .description('Say what PNG images show')
    .argument('<run>', RUN)
    .argument('<images...>', 'PNG files of any size, depth and colour')
    .option('--fit <how>', FIT, 'auto')
    .option('--invert <when>', 'yes, no, or auto: where a gray image has a light border', 'auto')
    .option('--labels <names>', 'names of the classes, separated by commas')
    .option('--top <n>', 'show the n most probable classes', whole('--top', 1), 10)
    .option('--model <model>', OWN_LAYERS)
    .option('--backend <name>', BACKEND, 'wasm')
    .option('--json', 'as JSON')
    .addHelpText('after', examples(
      'layergraph predict runs/digits seven.png',
      'layergraph predict runs/digits digits/*.png --top 3',
      'layergraph predict runs/digits seven.png --json | jq .[0].class',
    ))
    .action(async (run: string, images: readonly string[], options: PredictCommand) => {
      process.exitCode = await (await import('./predict.ts')).predict(run, images, options)
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

function docs(command: Command): void {
  command.command('docs')
    .description('What a layer does: formula, settings, examples')
    .argument('[layer]', 'its name, such as conv2d; all layers where it is left out')
    .addHelpText('after', examples('layergraph docs', 'layergraph docs conv2d'))
    .action(async (layer: string | undefined) => (await import('./docs.ts')).docs(layer))
}

function draw(command: Command): void {
  command.command('draw')
    .description('Draw a model: layers, scopes, shapes, parameters, receptive fields')
    .argument('<model>', MODEL)
    .option('-o, --output <file>', 'an .svg, .png or .html file (default: SVG to the standard output)')
    .option('--depth <n>', 'show this many names of a path and fold the scopes below (default: what stays readable)', whole('--depth', 1))
    .option('--scale <n>', 'pixels of a PNG for each of the drawing', number('--scale', 0.1, 10), 2)
    .option('--input <sizes>', INPUT, collect)
    .option('--set <key=value>', SET, collect)
    .addHelpText('after', examples(
      'layergraph draw lenet5 -o lenet5.svg',
      'layergraph draw resnet18 --depth 2 -o resnet18.png',
      'layergraph draw digits.ts -o digits.html',
    ))
    .action(async (model: string, options: DrawOptions) => (await import('./draw.ts')).draw(model, options))
}

function view(command: Command): void {
  command.command('view')
    .description('Look at a model in the browser: click, change settings, see what follows')
    .argument('<model>', `${MODEL}, or the folder of a training`)
    .argument('[runs...]', 'folders of other trainings, to compare with that of the first')
    .option('--port <n>', 'of the address (default: one that is free)', whole('--port', 0))
    .option('--host <name>', 'who may look: 0.0.0.0 for everybody on the network (default: 127.0.0.1, this machine alone)')
    .option('--no-open', 'only print the address')
    .option('--out <folder>', 'write the page there instead, for any host')
    .option('--input <sizes>', INPUT, collect)
    .option('--set <key=value>', SET, collect)
    .addHelpText('after', examples(
      'layergraph view digits.ts',
      'layergraph view runs/digits',
      'layergraph view runs/adam runs/sgd',
      'layergraph view vgg16 --set classes=10 --port 8080 --no-open',
      'layergraph view digits.ts --out site',
    ))
    .action(async (model: string, runs: readonly string[], options: ViewCommand) => (await import('./view.ts')).view(model, runs, options))
}
