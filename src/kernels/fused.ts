/** Activations that a kernel applies to its sums before it writes them: they cut what lies outside of two bounds. */

export type FusedActivation = 'linear' | 'relu' | 'relu6'

const bounds = {
  linear: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  relu: [0, Number.POSITIVE_INFINITY],
  relu6: [0, 6],
} as const satisfies Record<FusedActivation, readonly [least: number, most: number]>

/** [least, most] of the values after an activation. */
export const boundsOf = (activation: FusedActivation): readonly [least: number, most: number] => bounds[activation]

/** The activation of one sum; NaN stays. */
export function fused(sum: number, activation: FusedActivation): number {
  const [least, most] = bounds[activation]
  return Math.min(Math.max(sum, least), most)
}
