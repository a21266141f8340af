/** What convolutions and their gradients, of whatever kind, check before bytes are touched. */

import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { ConvAttrs, ConvSizes } from './conv2d.ts'
import { expectCounts, expectImages, expectShape } from './shapes.ts'
import type { Pair, Shape4 } from './shapes.ts'

export type ForwardInputs = { readonly x: TensorInfo; readonly filter: TensorInfo; readonly bias: TensorInfo | null }
export type InputGradientInputs = { readonly dy: TensorInfo; readonly filter: TensorInfo }
export type FilterGradientInputs = { readonly x: TensorInfo; readonly dy: TensorInfo }

type Shaped = { readonly shape: readonly number[] }
type Shapes<Inputs> = { readonly [Name in keyof Inputs]: Inputs[Name] extends TensorInfo ? Shaped : Shaped | null }

/** How often a window of `size` fits. Throws when it does not. */
function outputSize(what: string, axis: 0 | 1, input: number, size: number, attrs: ConvWindow): number {
  const [before, after] = attrs.pads[axis]
  const span = (size - 1) * attrs.dilations[axis] + 1
  if (span > input + before + after) {
    throw new RangeError(`${what}: a filter of ${size} at dilation ${attrs.dilations[axis]} spans ${span} pixels, but the `
      + `padded input has ${input + before + after} ${axis === 0 ? 'rows' : 'columns'}.`)
  }
  return Math.floor((input + before + after - span) / attrs.strides[axis]) + 1
}

/** Where a window looks. */
export type ConvWindow = Omit<ConvAttrs, 'groups'>

/** Throws unless strides and dilations are 1, 2, … and pads 0, 1, …. */
function expectWindow(what: string, { strides, pads, dilations }: ConvWindow): void {
  expectCounts(`${what}: a pad`, pads.flat())
  expectCounts(`${what}: a stride less one`, strides.map(stride => stride - 1))
  expectCounts(`${what}: a dilation less one`, dilations.map(dilation => dilation - 1))
}

/** [height, width] of the output. */
export function outputPair(what: string, input: Shape4, filter: Shape4, attrs: ConvWindow): Pair {
  expectWindow(what, attrs)
  return [outputSize(what, 0, input[1], filter[0], attrs), outputSize(what, 1, input[2], filter[1], attrs)]
}

type SizesOf<Attrs> = (what: string, input: Shape4, filter: Shape4, attrs: Attrs) => ConvSizes

/** The sizes of a convolution called `name` and of its gradients. Each throws when a tensor does not fit the others. */
export function makeSizes<Attrs>(name: string, sizesOf: SizesOf<Attrs>) {
  return {
    forward({ x, filter, bias }: Shapes<ForwardInputs>, attrs: Attrs): ConvSizes {
      const sizes = sizesOf(name, expectImages(`${name}: the input`, x), expectImages(`${name}: the filter`, filter), attrs)
      if (bias !== null) expectShape(`${name}: the bias`, bias, [sizes.output[3]])
      return sizes
    },
    inputGradient({ dy, filter }: Shapes<InputGradientInputs>, attrs: Attrs & { readonly inputShape: Shape4 }): ConvSizes {
      const what = `${name}, input gradient`
      const sizes = sizesOf(what, attrs.inputShape, expectImages(`${what}: the filter`, filter), attrs)
      expectShape(`${what}: dy`, dy, sizes.output)
      return sizes
    },
    filterGradient({ x, dy }: Shapes<FilterGradientInputs>, attrs: Attrs & { readonly filterShape: Shape4 }): ConvSizes {
      const what = `${name}, filter gradient`
      const sizes = sizesOf(what, expectImages(`${what}: the input`, x), attrs.filterShape, attrs)
      expectShape(`${what}: dy`, dy, sizes.output)
      return sizes
    },
  }
}
