// What layers of several tensors, and layers that name an axis, ask of shapes.
import type { Inference, Misfit } from './layer.ts'
import { type Dims, type Size, showDims, unifyDims } from './tensor.ts'

/** One shape for all inputs, or the first two that differ. */
export function sameShape(inputs: readonly Dims[]): Inference {
  let common = inputs[0] as Dims
  for (const input of inputs.slice(1)) {
    const unified = unifyDims(common, input)
    if (unified === null) {
      return {
        misfits: [{
          code: 'shape/differ', message: `shapes differ, ${showDims(common)} and ${showDims(input)}`,
          hint: 'bring them to one shape with a 1×1 convolution, strides or padding, or use concat()',
        }],
      }
    }
    common = unified
  }
  return { outputs: [common] }
}

/** The place in a shape of an axis counted as in Keras: 1 is the first after the batch, −1 the last. */
export const placeOf = (axis: number, rank: number): number => (axis < 0 ? rank + axis : axis - 1)

/** Has this shape the axis? Says why not. */
export function axisMisfit(axis: number, input: Dims): Misfit | null {
  const place = placeOf(axis, input.length)
  if (place >= 0 && place < input.length) return null
  return {
    code: 'shape/axis', message: `there is no axis ${axis} in ${showDims(input)}`,
    hint: 'axis 1 is the first after the batch, and -1 the last',
  }
}

/** The shape of a product, sizes of 1 repeated and missing ones in front; `null` when the shapes do not go together. */
export function productDims(a: Dims, b: Dims): Dims | null {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a]
  const lead = longer.length - shorter.length
  const sizes = longer.map((size, at): Size | undefined => {
    const other = at < lead ? 1 : shorter[at - lead] as Size
    if (size === 1) return other
    if (other === 1) return size
    return size === null || other === null || size === other ? size ?? other : undefined
  })
  return sizes.includes(undefined) ? null : sizes as Dims
}
