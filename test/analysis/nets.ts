// Small nets for the analysis' tests, whose layers are put together at run time and so are not known to the types.
import { type Analysis, analyze, type AnyGraph, graph, input, type Op, pipe, sequence, type Tensor } from '../../src/index.ts'

type Sizes = readonly (number | null)[]

export const open = (shape: Sizes): Tensor => input(shape) as Tensor

export const join = (merge: Op, tensors: readonly Tensor[]): Tensor =>
  (merge as unknown as (inputs: readonly Tensor[]) => Tensor)(tensors)

/** A graph from one image through the layers. */
export function chain(shape: Sizes, ...layers: readonly Op[]): AnyGraph {
  const image = open(shape)
  const y = pipe(image, sequence(...layers)) as Tensor
  return graph({ name: 'net', inputs: { image }, outputs: { y } })
}

/** The analysis of that graph. */
export const through = (shape: Sizes, ...layers: readonly Op[]): Analysis => analyze(chain(shape, ...layers))
