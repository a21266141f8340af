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

const conv = inceptionConv
/** A convolution that halves the image, without padding. */
const halving = (filters: number): Op => conv(filters, 3, { strides: 2 })
const averaged = (filters: number): Op =>
  inRow(avgPool2d({ poolSize: 3, strides: 1, padding: 1, countIncludePad: true }), conv(filters, 1))
const side = (branches: Readonly<Record<string, Op>>): Op =>
  parallel(Object.entries(branches).map(([name, branch]): Op => named(name, branch)), concat())

/**
 * Two 3×3 convolutions in place of a 5×5 one: [h, w, c] → [h, w, 224 + pool].
 *
 * Paper of all blocks: Szegedy et al., "Rethinking the Inception architecture for computer vision", 2016,
 * https://arxiv.org/abs/1512.00567.
 */
export const inceptionA = ({ pool }: { readonly pool: number }): Op => side({
  branch1x1: conv(64, 1),
  branch5x5: inRow(conv(48, 1), conv(64, 5)),
  branch3x3double: inRow(conv(64, 1), conv(96, 3), conv(96, 3)),
  branchPool: averaged(pool),
})

/** Halves the image: [h, w, c] → [(h − 1) / 2, (w − 1) / 2, c + 480]. */
export const inceptionB = (): Op => side({
  branch3x3: halving(384),
  branch3x3double: inRow(conv(64, 1), conv(96, 3), halving(96)),
  branchPool: maxPool2d({ poolSize: 3, strides: 2 }),
})

/** 7×7 convolutions factorised into 1×7 and 7×1 of `filters` channels: [h, w, c] → [h, w, 768]. */
export const inceptionC = ({ filters }: { readonly filters: number }): Op => side({
  branch1x1: conv(192, 1),
  branch7x7: inRow(conv(filters, 1), conv(filters, [1, 7]), conv(192, [7, 1])),
  branch7x7double: inRow(
    conv(filters, 1), conv(filters, [7, 1]), conv(filters, [1, 7]), conv(filters, [7, 1]), conv(192, [1, 7])),
  branchPool: averaged(192),
})

/** Halves the image: [h, w, c] → [(h − 1) / 2, (w − 1) / 2, c + 512]. */
export const inceptionD = (): Op => side({
  branch3x3: inRow(conv(192, 1), halving(320)),
  branch7x7: inRow(conv(192, 1), conv(192, [1, 7]), conv(192, [7, 1]), halving(192)),
  branchPool: maxPool2d({ poolSize: 3, strides: 2 }),
})

/** 3×3 convolutions split into 1×3 and 3×1 side by side: [h, w, c] → [h, w, 2048]. */
export function inceptionE(): Op {
  const wide = (): Op => side({ row: conv(384, [1, 3]), column: conv(384, [3, 1]) })
  return side({
    branch1x1: conv(320, 1),
    branch3x3: inRow(conv(384, 1), wide()),
    branch3x3double: inRow(conv(448, 1), conv(384, 3), wide()),
    branchPool: averaged(192),
  })
}
