// residual: a body and a shortcut around it, added (He et al. 2016).
import { add } from '../layers/add.ts'
import { residualOf } from '../src/graph/compose.ts'
import type { Op, Residual } from '../src/types/layer.ts'

/**
 * body(x) + shortcut(x), where the shortcut is x itself when left out: `residual(sequence(conv2d({ … }), relu()))`.
 *
 * Body and shortcut must give one shape; a 1×1 convolution with the body's strides makes a shortcut that does.
 * Paper: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, https://arxiv.org/abs/1512.03385.
 *
 * @throws LayergraphError from `graph()`: `shape/differ`.
 */
export function residual<L extends Op>(body: L): Residual<L, undefined>
export function residual<L extends Op, S extends Op>(body: L, shortcut: S): Residual<L, S>
export function residual(body: Op, shortcut?: Op): Residual<Op, Op | undefined> {
  return residualOf(body, shortcut, add())
}
