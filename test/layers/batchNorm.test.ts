import { batchNorm } from '../../layers/batchNorm.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(batchNorm, {
  refuses: [
    { inputs: [[]], says: 'needs at least one dimension' },
    { config: { epsilon: 0 }, inputs: [[3]], says: 'epsilon' },
  ],
})
