import { selu } from '../../layers/selu.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(selu, {
  refuses: [
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
