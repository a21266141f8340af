// What a layer does to channels and to training, for those who judge a graph: a layer says only what is not so of most.
import type { Activation } from './config.ts'

export interface Traits {
  /** Groups of channels that do not see each other; as many as there are channels for a depthwise layer. */
  readonly groups?: number
  /** Puts channels of different groups side by side. */
  readonly shuffles?: true
  /**
   * What it ends in: numbers of which the negative ones have become zero, with a gradient of zero; numbers squeezed into a range,
   * where gradients vanish; or probabilities.
   */
  readonly ends?: 'rectified' | 'saturating' | 'probabilities'
  /** The range that it squeezes numbers into. */
  readonly range?: readonly [number, number]
  /** Adds a learned constant to each channel, as the last thing it does. */
  readonly addsBias?: true
  /** Takes each channel's mean away, and with it any constant added before. */
  readonly centres?: true
  /** Sets numbers to zero at random in training. */
  readonly drops?: true
}

const ENDS: Partial<Record<Activation, Traits>> = {
  relu: { ends: 'rectified' }, relu6: { ends: 'rectified' }, softmax: { ends: 'probabilities' },
  sigmoid: { ends: 'saturating', range: [0, 1] }, hardSigmoid: { ends: 'saturating', range: [0, 1] },
  tanh: { ends: 'saturating', range: [-1, 1] },
}

/** Of a layer that is an activation. */
export const activationTraits = (activation: Activation) => (): Traits => ENDS[activation] ?? {}

/** Of a layer with a bias and an activation of its own. */
export function outputTraits({ useBias, activation }: { readonly useBias: boolean; readonly activation: Activation }): Traits {
  return { ...ENDS[activation], ...(useBias && activation === 'linear' ? { addsBias: true } : {}) }
}

/** Of a convolution whose channels may be split into groups. */
export const convolutionTraits = (
  { groups, ...config }: { readonly groups: number; readonly useBias: boolean; readonly activation: Activation },
): Traits => ({ ...outputTraits(config), ...(groups > 1 ? { groups } : {}) })
