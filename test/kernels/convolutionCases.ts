// One convolution, and what both ways of trying its kernels have in common: against the reference, and between guards.
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import type { KernelExports } from '../../src/kernels/binary.ts'
import { type Conv2dForwardAttrs, type ConvSizes, describeConvolution } from '../../src/kernels/conv2d.ts'
import { boundsOf } from '../../src/kernels/fused.ts'
import { conv2dFilterGradient, conv2dForward, conv2dInputGradient } from '../../src/kernels/index.ts'
import * as reference from '../../src/kernels/reference/conv2d.ts'
import { random } from './comparison.ts'
import { makeArena, plainTensor } from './guarded.ts'
import { expectScaled, toleranceOf } from './scaled.ts'

export type ConvolutionCase = { sizes: ConvSizes; attrs: Conv2dForwardAttrs; bias: boolean; seed: number }

/** The convolution and its gradients, on the current backend. */
export function convolutionResults({ sizes: { input, filter, output }, attrs, bias, seed }: ConvolutionCase): Tensor[] {
  const x = random<Tensor4D>(input, seed)
  const weights = random<Tensor4D>(filter, seed + 1)
  const dy = random<Tensor4D>(output, seed + 2)
  return [
    conv2dForward(x, weights, bias ? random([filter[3]], seed + 3) : null, attrs),
    conv2dInputGradient(dy, weights, input, attrs),
    conv2dFilterGradient(x, dy, filter, attrs),
  ]
}

/** Where everything of a convolution lies, in a memory of its own. */
export interface PlacedConvolution {
  readonly asm: KernelExports
  readonly record: number
  /** Room for a packed filter. */
  room(bytes: number): number
  scratch(bytes: number): number
  readonly x: number
  readonly weights: number
  /** 0 for none. */
  readonly bias: number
  readonly bounds: readonly [least: number, most: number]
  readonly dy: number
  readonly y: number
  readonly dx: number
  readonly dfilter: number
}

/** Runs kernels that write y, dx and dfilter: they must touch nothing else, and give what the references give. */
export function expectGuardedConvolution({ sizes, attrs, bias, seed }: ConvolutionCase, run: (at: PlacedConvolution) => void): void {
  const [x, weights, dy] = [sizes.input, sizes.filter, sizes.output].map((shape, i) => plainTensor(shape, seed + i).values) as
    [Float32Array, Float32Array, Float32Array]
  const shift = bias ? plainTensor([sizes.filter[3]], seed + 3).values : null
  const { asm, put, room, read, check } = makeArena()
  const record = room(asm.convolutionBytes())
  describeConvolution(asm, record, sizes, attrs)
  const [y, dx, dfilter] = [room(dy.length * 4), room(x.length * 4), room(weights.length * 4)]
  run({
    asm, record, room, scratch: (bytes) => room(bytes, 64), bounds: boundsOf(attrs.activation), y, dx, dfilter,
    x: put(x), weights: put(weights), dy: put(dy), bias: shift === null ? 0 : put(shift),
  })
  check()
  expectScaled(read(y, dy.length), reference.conv2d(sizes, x, weights, shift, attrs), toleranceOf(attrs.activation))
  expectScaled(read(dx, x.length), reference.conv2dInputGradient(sizes, dy, weights, attrs))
  expectScaled(read(dfilter, weights.length), reference.conv2dFilterGradient(sizes, x, dy, attrs))
}
