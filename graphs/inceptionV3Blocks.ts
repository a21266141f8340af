// inceptionV3Blocks: the five kinds of Inception block with factorised convolutions.
import { avgPool2d } from '../layers/avgPool2d.ts'
import { batchNorm } from '../layers/batchNorm.ts'
import { concat } from '../layers/concat.ts'
import { conv2d } from '../layers/conv2d.ts'
import { maxPool2d } from '../layers/maxPool2d.ts'
import { relu } from '../layers/relu.ts'
import { named, parallel, sequence } from '../src/graph/compose.ts'
import type { Op } from '../src/types/layer.ts'
import type { Size2d } from '../src/types/shape.ts'
import { widened } from './config.ts'

const inRow = (...layers: readonly Op[]): Op => sequence(...layers)

/** Half of an odd kernel on each side. */
const half = (kernelSize: Size2d) => {
  const [h, w] = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize
  return [[(h - 1) / 2, (h - 1) / 2], [(w - 1) / 2, (w - 1) / 2]] as const
}

/** A convolution without bias, batch norm and relu, as all of Inception-v3; keeps the size unless it has strides. */
export function inceptionConv(
  filters: number, kernelSize: Size2d, { strides = 1, padded = strides === 1 }: { strides?: number; padded?: boolean } = {},
): Op {
  const conv = conv2d({ filters, kernelSize, strides, padding: padded ? half(kernelSize) : 'valid', useBias: false })
  return inRow(conv, batchNorm({ momentum: 0.9, epsilon: 1e-3 }), relu())
}

/** The parts of the blocks, their filters times a width. */
function parts(width = 1) {
  const wide = widened(width)
  const conv = (filters: number, kernelSize: Size2d): Op => inceptionConv(wide(filters), kernelSize)
  return {
    conv,
    /** A convolution that halves the image, without padding. */
    halving: (filters: number): Op => inceptionConv(wide(filters), 3, { strides: 2 }),
    averaged: (filters: number): Op =>
      inRow(avgPool2d({ poolSize: 3, strides: 1, padding: 1, countIncludePad: true }), conv(filters, 1)),
  }
}

/** A factor of all filters of a block, default 1. */
interface Width {
  readonly width?: number | undefined
}
const side = (branches: Readonly<Record<string, Op>>): Op =>
  parallel(Object.entries(branches).map(([name, branch]): Op => named(name, branch)), concat())

/**
 * Two 3×3 convolutions in place of a 5×5 one: [h, w, c] → [h, w, 224 + pool].
 *
 * Paper of all blocks: Szegedy et al., "Rethinking the Inception architecture for computer vision", 2016,
 * https://arxiv.org/abs/1512.00567.
 */
export function inceptionA({ pool, width }: { readonly pool: number } & Width): Op {
  const { conv, averaged } = parts(width)
  return side({
    branch1x1: conv(64, 1),
    branch5x5: inRow(conv(48, 1), conv(64, 5)),
    branch3x3double: inRow(conv(64, 1), conv(96, 3), conv(96, 3)),
    branchPool: averaged(pool),
  })
}

/** Halves the image: [h, w, c] → [(h − 1) / 2, (w − 1) / 2, c + 480]. */
export function inceptionB({ width }: Width = {}): Op {
  const { conv, halving } = parts(width)
  return side({
    branch3x3: halving(384),
    branch3x3double: inRow(conv(64, 1), conv(96, 3), halving(96)),
    branchPool: maxPool2d({ poolSize: 3, strides: 2 }),
  })
}

/** 7×7 convolutions factorised into 1×7 and 7×1 of `filters` channels: [h, w, c] → [h, w, 768]. */
export function inceptionC({ filters, width }: { readonly filters: number } & Width): Op {
  const { conv, averaged } = parts(width)
  return side({
    branch1x1: conv(192, 1),
    branch7x7: inRow(conv(filters, 1), conv(filters, [1, 7]), conv(192, [7, 1])),
    branch7x7double: inRow(
      conv(filters, 1), conv(filters, [7, 1]), conv(filters, [1, 7]), conv(filters, [7, 1]), conv(192, [1, 7])),
    branchPool: averaged(192),
  })
}

/** Halves the image: [h, w, c] → [(h − 1) / 2, (w − 1) / 2, c + 512]. */
export function inceptionD({ width }: Width = {}): Op {
  const { conv, halving } = parts(width)
  return side({
    branch3x3: inRow(conv(192, 1), halving(320)),
    branch7x7: inRow(conv(192, 1), conv(192, [1, 7]), conv(192, [7, 1]), halving(192)),
    branchPool: maxPool2d({ poolSize: 3, strides: 2 }),
  })
}

/** 3×3 convolutions split into 1×3 and 3×1 side by side: [h, w, c] → [h, w, 2048]. */
export function inceptionE({ width }: Width = {}): Op {
  const { conv, averaged } = parts(width)
  const wide = (): Op => side({ row: conv(384, [1, 3]), column: conv(384, [3, 1]) })
  return side({
    branch1x1: conv(320, 1),
    branch3x3: inRow(conv(384, 1), wide()),
    branch3x3double: inRow(conv(448, 1), conv(384, 3), wide()),
    branchPool: averaged(192),
  })
}
