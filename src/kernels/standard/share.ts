/**
 * Identity, and Cast to the type that is there already: another tensor on the same values. The backend copies.
 */

import { Cast, Identity } from '@tensorflow/tfjs-core'
import type { CastAttrs, CastInputs, IdentityInputs } from '@tensorflow/tfjs-core'
import { defineStandard } from './define.ts'

const identity = defineStandard<IdentityInputs, object>({
  name: Identity,
  covers: ({ x }) => x!.dtype !== 'string',
  run: ({ share }, { x }) => share(x!, x!.shape),
})

const cast = defineStandard<CastInputs, CastAttrs>({
  name: Cast,
  covers: ({ x }, { dtype }) => x!.dtype === dtype && dtype !== 'string',
  run: ({ share }, { x }) => share(x!, x!.shape),
})

export const shareStandards = [identity, cast]
