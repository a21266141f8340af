// The commands that look at a model without running it.
import { type Command, Option } from 'commander'
import type { DeriveOptions } from './derive.ts'
import type { DiffCommand } from './diff.ts'
import type { LintCommand } from './lint.ts'
import { collect, examples, INPUT, MODEL, NODE, SET, type SizedOptions, whole } from './options.ts'

export interface SummaryOptions extends SizedOptions {
  readonly json?: boolean
  readonly markdown?: boolean
  readonly csv?: boolean
  readonly html?: boolean
  readonly columns?: string
  readonly sort?: string
  readonly depth?: string
  readonly subtotals: boolean
}

export interface FieldOptions extends SizedOptions {
  readonly at?: string
  readonly measure?: boolean
  readonly samples: number
  readonly weights?: string
  readonly json?: boolean
  readonly svg?: boolean
}

export interface PlanCommand extends SizedOptions {
  readonly batch: number
  readonly training?: boolean
  readonly fuse: boolean
  readonly json?: boolean
}

/** Adds them. Actions set `process.exitCode`. */
export function inspection(command: Command): void {
  summary(command)
  field(command)
  gridding(command)
  plan(command)
  derivation(command)
  lint(command)
  diff(command)
}

function sized(command: Command): Command {
  return command.option('--input <sizes>', INPUT, collect).option('--set <key=value>', SET, collect)
}

function summary(command: Command): void {
  sized(command.command('summary'))
    .description('Shapes, parameters, multiplications and receptive field of every layer')
    .argument('<model>', MODEL)
    .option('--json', 'as JSON')
    .option('--markdown', 'as a Markdown table')
    .option('--csv', 'as comma-separated values')
    .option('--html', 'as a page with the drawing: one file, nothing to load')
    .option('--depth <n>', 'fold the layers of scopes deeper than so many into one row each')
    .option('--no-subtotals', 'without the sums of scopes')
    .option('--columns <names>', 'such as layer,output,macs,macs%: # layer from kind output params trainable macs flops uncounted memory field stride pad params% macs% memory%')
    .option('--sort <column>', 'largest first, such as macs')
    .addHelpText('after', examples(
      'layergraph summary lenet5',
      'layergraph summary vgg16 --set classes=10 --input 64x64x3',
      'layergraph summary resnet18 --depth 1 --columns layer,output,params,params%,macs,macs%',
      'layergraph summary vgg16 --sort macs',
      'layergraph summary resnet18 --html > resnet18.html',
      'layergraph summary digits.ts#small --json | jq .totals',
    ))
    .action(async (model: string, options: SummaryOptions) => {
      process.exitCode = await (await import('./summary.ts')).summary(model, options)
    })
}

const drawn = (command: Command): Command => command
  .addOption(new Option('--json', 'as JSON').conflicts('svg'))
  .option('--svg', 'the map as a drawing')

function field(command: Command): void {
  drawn(sized(command.command('field')))
    .description('The pixels of the input that one unit of a node sees')
    .argument('<model>', MODEL)
    .argument('<node>', NODE)
    .option('--at <unit>', 'the unit, row and column from 0 (default: the one in the middle)')
    .option('--measure', 'also measure how strongly pixels move it, by gradients of random models')
    .option('--samples <n>', 'random images to measure with', whole('--samples', 1), 8)
    .option('--weights <folder>', 'measure the model that was saved there')
    .addHelpText('after', examples(
      'layergraph field resnet50 layer3 --at 7,7',
      'layergraph field vgg16 block3 --at 0,0 --svg > field.svg',
      'layergraph field mnistNet maxPool2d --measure --weights runs/mnistNet',
    ))
    .action(async (model: string, node: string, options: FieldOptions) => {
      await (await import('./field.ts')).field(model, node, options)
    })
}

function gridding(command: Command): void {
  drawn(sized(command.command('gridding')))
    .description('Pixels of a receptive field that are never used, and how often the others are')
    .argument('<model>', MODEL)
    .argument('[node]', `${NODE}; default the last whose units lie on the grid of the image`)
    .addHelpText('after', examples(
      'layergraph gridding segmenter.ts head/conv2d_2',
      'layergraph gridding segmenter.ts --svg > gridding.svg',
    ))
    .action(async (model: string, node: string | undefined, options: SizedOptions & { svg?: boolean; json?: boolean }) => {
      await (await import('./gridding.ts')).gridding(model, node, options)
    })
}

function plan(command: Command): void {
  sized(command.command('plan'))
    .description('How a model runs: which layers in one go, which tensor in which buffer, how much memory')
    .argument('<model>', MODEL)
    .option('--batch <count>', 'how many examples at a time', whole('--batch', 1), 1)
    .option('--training', 'the plan of a training step, not of inference')
    .option('--no-fuse', 'each layer on its own')
    .option('--json', 'as JSON')
    .addHelpText('after', examples(
      'layergraph plan resnet18',
      'layergraph plan mnistNet --training --batch 128',
    ))
    .action(async (model: string, options: PlanCommand) => {
      await (await import('./plan.ts')).plan(model, options)
    })
}

function derivation(command: Command): void {
  sized(command.command('explain'))
    .description('Every number of a node, of a layer or of a concept of the field, as a derivation')
    .argument('[words...]', 'a model and a node, or a layer such as conv2d; with --concept, its numbers')
    .option('--concept [name]', 'a concept with its numbers; without a name, the list of all')
    .addOption(new Option('--lang <language>', 'en has the Chinese names of concepts beside').choices(['en', 'zh']).default('en'))
    .option('--json', 'as JSON')
    .addHelpText('after', examples(
      'layergraph explain googlenet inception3a/branch3x3/conv2d',
      'layergraph explain conv2dTranspose',
      'layergraph explain --concept hdc 1,2,9',
      'layergraph explain --concept transposedConvolution in=14 K=4 S=2 P=1 --lang zh',
      'layergraph explain --concept',
    ))
    .action(async (words: readonly string[], options: DeriveOptions) => (await import('./derive.ts')).derive(words, options))
}

function lint(command: Command): void {
  sized(command.command('lint'))
    .description('What deserves a look: gridding, checkerboards, vanishing gradients, dead ends, …')
    .argument('<model>', MODEL)
    .addOption(new Option('--fail-on <severity>', 'exit with 1 from this severity on').choices(['info', 'warning', 'error', 'never']).default('error'))
    .option('--rule <code=severity>', 'error, warning, info or off for a code; may be repeated', collect)
    .option('--ignore <code@node>', 'a finding not to report, at a node or all of a scope: field/gridding@head/*', collect)
    .option('--images <data>', 'also look for dead and saturated units on test images: mnist, or a folder of IDX files; name=mnist for one of several inputs', collect)
    .option('--weights <folder>', 'with the weights that were saved there (default: fresh ones)')
    .option('--samples <n>', 'so many images', whole('--samples', 1), 1000)
    .option('--config <file>', 'a JSON file of { "rules": { code: severity }, "ignore": [{ code, at }] }')
    .option('--json', 'as JSON')
    .addHelpText('after', examples(
      'layergraph lint segmenter.ts --fail-on warning',
      'layergraph lint vgg16 --rule cost/heavy-dense=off',
      'layergraph lint mnistNet --images mnist --weights runs/mnistNet',
    ))
    .action(async (model: string, options: LintCommand) => {
      process.exitCode = await (await import('./lint.ts')).lint(model, options)
    })
}

function diff(command: Command): void {
  sized(command.command('diff'))
    .description('Nodes added, removed and changed from one model to another, and what that does to the totals')
    .argument('<before>', `${MODEL}, or a document in git: HEAD~1:model.json`)
    .argument('<after>', 'likewise')
    .option('--exit-code', 'exit with 1 when there are differences')
    .option('--json', 'as JSON')
    .addHelpText('after', examples(
      'layergraph diff before.ts after.ts',
      'layergraph diff HEAD~1:model.json model.json',
    ))
    .action(async (before: string, after: string, options: DiffCommand) => {
      process.exitCode = await (await import('./diff.ts')).diff(before, after, options)
    })
}
