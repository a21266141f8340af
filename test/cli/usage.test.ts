// Wrong usage is said in words, with one cure; here within this process, because there are many ways to be wrong.
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { UsageError } from '../../src/cli/failure.ts'
import { program } from '../../src/cli/program.ts'

test.each([
  [['summary', 'lenet5', '--json', '--markdown'], /exclude each other/],
  [['summary', 'lenet5', '--set', 'clases=3'], /does not take these settings: .*clases/],
  [['summary', 'lenet5', '--set', 'classes'], /--set takes key=value/],
  [['summary', 'lenet5', '--input', '32y32'], /--input takes sizes such as 32x32x1/],
  [['train', 'lenet5', '--loss', 'crossentropy'], /no loss "crossentropy"\n.*softmaxCrossEntropy/],
  [['train', 'lenet5', '--schedule', 'cosin'], /no schedule "cosin"\n.*did you mean cosine\?/],
  [['train', 'lenet5', '--schedule', 'step'], /step needs every\n.*step:every=2/],
  [['train', 'lenet5', '--schedule', 'cosine:start=1'], /cosine knows no "start"\n.*it takes end/],
  [['train', 'lenet5', '--schedule', 'step:every=two'], /takes numbers such as/],
  [['train', 'lenet5', '--backend', 'gpu'], /no backend "gpu"/],
  [['train', 'lenet5', '--momentum', '0.9'], /adam has no --momentum\n.*--optimizer sgd has/],
  [['train', 'lenet5', '--epochs', '0'], /--epochs takes a whole number from 1, but gets "0"/],
  [['train', 'lenet5', '--epochs', '1.5'], /but gets "1.5"/],
  [['train', 'lenet5', '--validation', '1'], /--validation takes a number from 0, below 1, but gets "1"/],
  [['train', 'lenet5', '--learning-rate', 'fast'], /--learning-rate takes a number from 0, but gets "fast"/],
  [['train', 'lenet5', '--data', 'mnits'], /no data set and no folder "mnits"\n.*did you mean mnist\?/],
  [['train', 'lenet5', '--resume', '--overwrite'], /exclude each other/],
  [['train', 'lenet5', '--resume', '--out', 'nowhere'], /nowhere has no training to go on with/],
  [['train', 'lenet5', '--out', 'package.json'], /package\.json is a file/],
  [['evaluate', 'nowhere'], /there is no folder or file nowhere/],
] as const)('%j', async (args, said) => {
  const error: unknown = await program().parseAsync(args, { from: 'user' }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(UsageError)
  const { message, hint } = error as UsageError
  expect(`${message}\n${hint}`).toMatch(said)
})

test('nothing is written by any of it', () => {
  expect(existsSync('runs/lenet5')).toBe(false)
  expect(existsSync('nowhere')).toBe(false)
})

test.each(['summary', 'json', 'train', 'evaluate', 'predict'])('%s has examples in its help', (name) => {
  const command = program().commands.find((one) => one.name() === name)
  let help = ''
  command?.configureOutput({ writeOut: (text) => { help += text } }).outputHelp()
  expect(help).toContain(`$ layergraph ${name} `)
})
