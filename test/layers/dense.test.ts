import { dense } from '../../layers/dense.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(dense, {
  refuses: [
    { config: { units: 3 }, inputs: [[]], says: 'needs at least one dimension' },
    { config: { units: 1.5 }, inputs: [[4]], says: 'units' },
  ],
})
