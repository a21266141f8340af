import { logSoftmax } from '../../layers/logSoftmax.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(logSoftmax, {
  refuses: [
    { inputs: [[]], says: 'needs at least one dimension' },
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
