import { sigmoid } from '../../layers/sigmoid.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(sigmoid, {
  refuses: [
    { inputs: [[3], [3]], says: 'needs one tensor, but gets 2 tensors' },
  ],
})
