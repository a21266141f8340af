import { prelu } from '../../layers/prelu.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(prelu, {
  refuses: [
    { inputs: [[]], says: 'needs at least one dimension' },
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
