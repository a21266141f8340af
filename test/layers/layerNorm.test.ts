import { layerNorm } from '../../layers/layerNorm.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(layerNorm, {
  refuses: [
    { inputs: [[]], says: 'needs at least one dimension' },
    { config: { epsilon: 0 }, inputs: [[3]], says: 'epsilon' },
  ],
})
