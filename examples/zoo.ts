// npm run zoo: trains every small network for digits, and writes what each costs and reaches to docs/zoo.md.
// npm run zoo -- --help shows the options; runs/zoo keeps the models, each with its report.html.
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { type Analysis, analyze, type AnyGraph } from 'layergraph'
import {
  convMini, deformableMini, dilatedMini, inceptionMini, kerasMnist, lenet5, mnistNet, pytorchMnist, separableMini,
  shuffleMini, sppMini,
} from 'layergraph/graphs'
import {
  adam, cosineDecay, createModel, type Evaluation, type History, type ImageSets, mnist, reviewModel, saveReport,
  showProgress, warmup,
} from 'layergraph/runtime'

interface Recipe {
  readonly batchSize: number
  readonly learningRate: number
  /** Updates over which the rate grows to its full size. */
  readonly warmup: number
  /** Goes so many times as often through the images as the others. */
  readonly longer: number
}

const RECIPE: Recipe = { batchSize: 128, learningRate: 3e-3, warmup: 200, longer: 1 }
/** For nets of batch norm and few weights. */
const BOLD: Recipe = { ...RECIPE, batchSize: 64, learningRate: 8e-3 }

interface Entry {
  readonly graph: AnyGraph
  readonly recipe: Recipe
}
const entry = (graph: AnyGraph, recipe = RECIPE): Entry => ({ graph, recipe })

/** For 28×28 images where a model is made for other sizes. */
const ENTRIES: readonly Entry[] = [
  entry(lenet5({ inputShape: [28, 28, 1], padding: 2 }), { ...RECIPE, longer: 2 }), entry(kerasMnist()), entry(pytorchMnist()),
  entry(mnistNet()), entry(convMini(), { ...BOLD, longer: 2 }), entry(inceptionMini()), entry(separableMini(), BOLD),
  entry(shuffleMini(), BOLD), entry(dilatedMini()),
  entry(sppMini({ inputShape: [28, 28, 1] })), entry(deformableMini()),
]

interface Options {
  readonly only?: readonly string[]
  readonly epochs: number
  readonly seed: number
  readonly out: string
  readonly data?: string
  readonly resume?: boolean
  readonly page?: string
}

/** What a run remembers in zoo.json. */
interface Run {
  readonly graph: unknown
  readonly settings: Settings
  /** `null` until the training has ended. */
  readonly result: { readonly history: History; readonly test: Evaluation } | null
}

interface Row extends Entry {
  readonly analysis: Analysis
  readonly accuracy: number
  readonly secondsPerEpoch: number
  readonly seconds: number
}

// ── training ────────────────────────────────────────────────────────────────

interface Settings {
  readonly data: string
  readonly epochs: number
  readonly seed: number
  readonly batchSize: number
  readonly learningRate: number
  readonly warmup: number
}

function settingsOf({ epochs, seed, data = 'mnist' }: Options, { longer, ...recipe }: Recipe): Settings {
  return { data, epochs: epochs * longer, seed, batchSize: recipe.batchSize, learningRate: recipe.learningRate, warmup: recipe.warmup }
}

/** The run in this folder, if it is one of this very graph with these very settings. */
function readRun(folder: string, begun: Run): Run | null {
  const file = join(folder, 'zoo.json')
  if (!existsSync(file)) return null
  const { result, ...before } = JSON.parse(readFileSync(file, 'utf8')) as Run
  const { result: _none, ...now } = begun
  return JSON.stringify(before) === JSON.stringify(now) ? { ...before, result } : null
}

async function writeRun(folder: string, run: Run): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'zoo.json'), `${JSON.stringify(run, null, 2)}\n`)
}

async function train(graph: AnyGraph, { train, test }: ImageSets, run: Run, folder: string, resume: boolean): Promise<Run> {
  const { epochs, seed, batchSize, learningRate, warmup: grows } = run.settings
  const model = await createModel(graph, { seed })
  if (!resume) await writeRun(folder, run)
  const history = await model.fit(train, {
    epochs, seed, batchSize, checkpoint: folder, ...(resume ? { resume: folder } : {}),
    optimizer: adam(warmup(grows, cosineDecay(learningRate))), onStep: showProgress(),
  })
  const result = { history, test: await model.evaluate(test) }
  await model.save(folder)
  await saveReport(folder, {
    graph, history, test: result.test, review: reviewModel(model, test), settings: { optimizer: 'adam, cosine', ...run.settings },
  })
  await writeRun(folder, { ...run, result })
  model.dispose()
  return { ...run, result }
}

const showTime = (seconds: number): string =>
  seconds < 60 ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s` : `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')} min`
const showShare = (share: number): string => `${(100 * share).toFixed(2)} %`
const count = (value: number | null): string => (value === null ? '?' : value.toLocaleString('en-US'))

async function row({ graph, recipe }: Entry, sets: () => Promise<ImageSets>, options: Options, place: string): Promise<Row> {
  const folder = join(options.out, graph.name)
  const begun: Run = { graph: graph.toJSON(), settings: settingsOf(options, recipe), result: null }
  const before = options.resume ? readRun(folder, begun) : null
  const analysis = analyze(graph)
  console.log(`${place}  ${graph.name}, ${count(analysis.totals.params)} parameters${before?.result ? ', from its run' : ''}`)
  const goOn = before !== null && existsSync(join(folder, 'checkpoint.safetensors'))
  const { result } = before?.result ? before : await train(graph, await sets(), begun, folder, goOn)
  const { history, test } = result as NonNullable<Run['result']>
  const seconds = history.reduce((sum, epoch) => sum + epoch.seconds, 0)
  console.log(`${' '.repeat(place.length)}  ${showShare(test.accuracy as number)} of ${count(test.examples)} test images, after ${showTime(seconds)}`)
  return { graph, recipe, analysis, accuracy: test.accuracy as number, secondsPerEpoch: seconds / history.length, seconds }
}

// ── the page ────────────────────────────────────────────────────────────────

/** Pixels that a unit sees where units still lie on a grid, before the image is flattened or averaged. */
function fieldOf({ nodes }: Analysis): string {
  const sizes = nodes.map(({ field }) => field?.size).filter((size) => Array.isArray(size))
  return sizes.at(-1)?.join('×') ?? 'all'
}

function page(rows: readonly Row[], options: Options): string {
  const table = [
    ['model', 'parameters', 'MACs', 'field', 'test accuracy', 'epochs', 'an epoch', 'in all'], ['---', ...Array<string>(7).fill('---:')],
    ...rows.map(({ graph: { name }, recipe, analysis, accuracy, secondsPerEpoch, seconds }) => [
      `[${name}](../graphs/${name}.ts)`, count(analysis.totals.params), count(analysis.totals.macs), fieldOf(analysis),
      showShare(accuracy), String(options.epochs * recipe.longer), showTime(secondsPerEpoch), showTime(seconds),
    ]),
  ]
  const bold = rows.filter(({ recipe }) => recipe.batchSize !== RECIPE.batchSize).map(({ graph }) => graph.name)
  return `# Small networks for digits

\`npm run zoo\` trains each of these networks and writes this page.

${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

| column | |
|---|---|
| MACs | multiply-accumulates for one image of 28×28 |
| field | pixels of the image that one unit sees, before the image is flattened, averaged or pooled into a pyramid |
| test accuracy | of the 10,000 test images of MNIST, with the weights after the last epoch |
| an epoch, in all | time to train, without the test |

Batches of ${RECIPE.batchSize}, and Adam whose rate rises over ${RECIPE.warmup} updates to ${RECIPE.learningRate} and falls as a cosine${bold.length === 0 ? '' : `;
${bold.join(', ')}, which have batch norm and few weights: batches of ${BOLD.batchSize}, a rate of ${BOLD.learningRate}`}. Seed ${options.seed}.
Times are those of one thread (${cpus()[0]?.model.trim() ?? 'unknown processor'}) of a machine that had other work too, so compare them with care.

| option | |
|---|---|
| \`--only lenet5,sppMini\` | these models only |
| \`--epochs 3\`, \`--seed 1\` | how long, lenet5 and convMini twice as long, and from which start |
| \`--out runs/zoo\` | where the models go, each with its report.html |
| \`--resume\` | takes models from their runs where they are trained this way already, and goes on where a training was stopped |
| \`--data folder\` | other images in IDX files, such as Fashion-MNIST |
| \`--page file\` | where the page goes; default docs/zoo.md where all models are trained on MNIST, else nowhere |
`
}

// ── the command ─────────────────────────────────────────────────────────────

function wholeNumber(value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value)
  throw new InvalidArgumentError('give a positive whole number')
}

async function main(options: Options, command: Command): Promise<void> {
  const names = ENTRIES.map(({ graph }) => graph.name)
  const unknown = options.only?.find((name) => !names.includes(name))
  if (unknown !== undefined) command.error(`error: there is no small model "${unknown}"; there are ${names.join(', ')}`)
  const chosen = ENTRIES.filter(({ graph }) => options.only?.includes(graph.name) ?? true)
  let loaded: Promise<ImageSets> | undefined
  const sets = (): Promise<ImageSets> => (loaded ??= mnist(options.data === undefined ? {} : { dir: options.data }))
  const rows: Row[] = []
  for (const one of chosen) rows.push(await row(one, sets, options, `${rows.length + 1}/${chosen.length}`))
  const file = options.page ?? (options.only === undefined && options.data === undefined ? 'docs/zoo.md' : null)
  if (file === null) return
  await writeFile(file, page(rows, options))
  console.log(`written: ${file}`)
}

await new Command('npm run zoo --')
  .description('Trains the small networks for digits, and writes a page of what they cost and reach.')
  .option('--only <names>', 'these models only, with commas', (names: string) => names.split(','))
  .option('--epochs <number>', 'times through the images', wholeNumber, 3)
  .option('--seed <number>', 'decides first weights and order', wholeNumber, 1)
  .option('--out <folder>', 'where the models go', 'runs/zoo')
  .option('--resume', 'take models that are trained this way from their runs, and go on with trainings that were stopped')
  .option('--data <folder>', 'images in IDX files in place of MNIST')
  .option('--page <file>', 'where the page goes; default docs/zoo.md where all models are trained on MNIST')
  .action(main)
  .parseAsync()
