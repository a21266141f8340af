import { relu } from '../../layers/relu.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(relu, {
  refuses: [
    { inputs: [[3], [3]], says: 'needs one tensor, but gets 2 tensors' },
  ],
})
