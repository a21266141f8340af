// Shapes at run time: sizes without the batch dimension, `null` for a size that is not known.

/** A size, or `null` when it is not known before the model runs. */
export type Size = number | null

/** Sizes without the batch dimension: [height, width, channels] for an image, [features] for a vector. */
export type Dims = readonly Size[]

/** "28×28×3", with ? for a size that is not known; "scalar" for no sizes. */
export function showDims(dims: Dims): string {
  return dims.length === 0 ? 'scalar' : dims.map((size) => size ?? '?').join('×')
}

/** How many numbers a shape holds; `null` when a size is not known. */
export function countOf(dims: readonly number[]): number
export function countOf(dims: Dims): Size
export function countOf(dims: Dims): Size {
  let count = 1
  for (const size of dims) {
    if (size === null) return null
    count *= size
  }
  return count
}

/** The same shape for both, sizes known in one standing in for sizes not known in the other; `null` when they differ. */
export function unifyDims(a: Dims, b: Dims): Dims | null {
  if (a.length !== b.length) return null
  const unified: Size[] = []
  for (const [axis, size] of a.entries()) {
    const other = b[axis] as Size
    if (size !== null && other !== null && size !== other) return null
    unified.push(size ?? other)
  }
  return unified
}

/** Are these the same sizes, unknown ones in the same places? */
export function sameDims(a: Dims, b: Dims): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}
