import { tanh } from '../../layers/tanh.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(tanh, {
  refuses: [
    { inputs: [[3], [3]], says: 'needs one tensor, but gets 2 tensors' },
  ],
})
