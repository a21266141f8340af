import { localResponseNorm } from '../../layers/localResponseNorm.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(localResponseNorm, {
  refuses: [
    { inputs: [[]], says: 'needs at least one dimension' },
    { config: { k: 0 }, inputs: [[3]], says: 'k' },
  ],
})
