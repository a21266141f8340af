import { softmax } from '../../layers/softmax.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(softmax, {
  refuses: [
    { inputs: [[]], says: 'needs at least one dimension' },
  ],
})
