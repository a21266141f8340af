// How to train: what the command line says, what an earlier run was told, what holds otherwise.
import { join } from 'node:path'
import { z } from 'zod'
import { parseConfig } from '../spec/config.ts'
import { writeAtomic } from '../platform/files.ts'
import { readJsonFile } from './jsonFile.ts'

/** Remembers the settings beside the model. */
export const SETTINGS_FILE = 'training.json'

/** Everything that decides the outcome, beside the model itself. */
const schema = z.object({
  data: z.string().default('mnist'),
  epochs: z.int().positive().default(3),
  batchSize: z.int().positive().default(128),
  optimizer: z.string().default('adam'),
  learningRate: z.number().optional(),
  schedule: z.string().default('constant'),
  warmup: z.int().nonnegative().default(0),
  momentum: z.number().optional(),
  nesterov: z.boolean().optional(),
  weightDecay: z.number().optional(),
  beta1: z.number().optional(),
  beta2: z.number().optional(),
  epsilon: z.number().optional(),
  loss: z.string().default('softmaxCrossEntropy'),
  validation: z.number().min(0).lt(1).default(0),
  seed: z.int().default(0),
  backend: z.string().default('wasm'),
})

export type TrainSettings = z.output<typeof schema>
/** The settings that somebody gave. */
export type GivenSettings = z.input<typeof schema>

const KEYS = Object.keys(schema.shape) as (keyof TrainSettings)[]

/** What of these options are settings of a training. */
export function settingsOf(options: GivenSettings): GivenSettings {
  return Object.fromEntries(KEYS.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]))
}

/** The settings, later ones before earlier ones, filled up with the defaults. */
export function completeSettings(...given: readonly GivenSettings[]): TrainSettings {
  return schema.parse(Object.assign({}, ...given.map(settingsOf)))
}

/** The settings that a run in this folder was made with; none when it does not say. @throws LayergraphError */
export function readTrainSettings(folder: string): GivenSettings {
  const path = join(folder, SETTINGS_FILE)
  const json = readJsonFile(path, 'remove it, and give the settings as options')
  return json === undefined ? {} : parseConfig(schema.partial(), json, path)
}

export async function writeTrainSettings(folder: string, settings: TrainSettings): Promise<void> {
  await writeAtomic(join(folder, SETTINGS_FILE), `${JSON.stringify(settings, null, 2)}\n`)
}
