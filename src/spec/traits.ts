// What a layer does to channels and to training, for those who judge a graph: a layer says only what is not so of most.
import type { Activation } from './config.ts'

export interface Traits {
  /** Groups of channels that do not see each other; as many as there are channels for a depthwise layer. */
  readonly groups?: number
  /** Puts channels of different groups side by side. */
  readonly shuffles?: true
  /** What it ends in: numbers squeezed into a range, where gradients vanish, or probabilities. */
  readonly ends?: 'saturating' | 'probabilities'
  /** Adds a learned constant to each channel, as the last thing it does. */
  readonly addsBias?: true
  /** Takes each channel's mean away, and with it any constant added before. */
  readonly centres?: true
  /** Sets numbers to zero at random in training. */
  readonly drops?: true
}

const ENDS: Partial<Record<Activation, Traits['ends']>> = {
  sigmoid: 'saturating', tanh: 'saturating', hardSigmoid: 'saturating', softmax: 'probabilities',
}

/** Of a layer with a bias and an activation of its own. */
export function outputTraits({ useBias, activation }: { readonly useBias: boolean; readonly activation: Activation }): Traits {
  const ends = ENDS[activation]
  return { ...(ends === undefined ? {} : { ends }), ...(useBias && activation === 'linear' ? { addsBias: true } : {}) }
}

/** Of a convolution whose channels may be split into groups. */
export const convolutionTraits = (
  { groups, ...config }: { readonly groups: number; readonly useBias: boolean; readonly activation: Activation },
): Traits => ({ ...outputTraits(config), ...(groups > 1 ? { groups } : {}) })
