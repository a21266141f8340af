// --weights: those of a saved model, for commands that look at a model and may do without.
import type { WeightArrays } from '../runtime/weights.ts'

/** The weights that were saved there, as an option; nothing where no place is named. @throws LayergraphError */
export async function savedWeights(place: string | undefined): Promise<{ readonly weights?: WeightArrays }> {
  if (place === undefined) return {}
  const { readModel } = await import('../store/save.ts')
  return { weights: (await readModel(place)).weights as WeightArrays }
}
