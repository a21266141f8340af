import { softplus } from '../../layers/softplus.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(softplus, {
  refuses: [
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
