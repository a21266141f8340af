/** Sizes of shapes, and the checks that come before bytes are touched. */

export type Shape = readonly number[]
export type Shape4 = readonly [batch: number, height: number, width: number, channels: number]

/** [height, width] */
export type Pair = readonly [number, number]

/** Rows above and below, columns left and right. */
export type Pads = readonly [readonly [top: number, bottom: number], readonly [left: number, right: number]]

type Shaped = { readonly shape: Shape }

/** The number of values of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** The length of the last axis: the channels. A scalar has one. */
export function lastOf(shape: Shape): number {
  return shape.at(-1) ?? 1
}

/** How many rows the values make when the last axis is the row. */
export function rowsOf(shape: Shape): number {
  return sizeOf(shape.slice(0, -1))
}

const spelled = (shape: Shape): string => `[${shape.join(', ')}]`

/** Throws unless the tensor has the shape. `what` names the kernel and the tensor. */
export function expectShape(what: string, tensor: Shaped, shape: Shape): void {
  const same = tensor.shape.length === shape.length && tensor.shape.every((size, i) => size === shape[i])
  if (!same)
    throw new RangeError(`${what} has shape ${spelled(tensor.shape)}, but ${spelled(shape)} is needed.`)
}

/** Throws unless the tensor has four axes; answers with its shape. */
export function expectImages(what: string, tensor: Shaped): Shape4 {
  if (tensor.shape.length !== 4) {
    throw new RangeError(
      `${what} has shape ${spelled(tensor.shape)}, but [batch, height, width, channels] is needed.`,
    )
  }
  return tensor.shape as unknown as Shape4
}

/** Throws unless all numbers are whole and not negative. */
export function expectCounts(what: string, counts: readonly number[]): void {
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError(`${what} is ${count}, but must be 0, 1, 2, …`)
  }
}
