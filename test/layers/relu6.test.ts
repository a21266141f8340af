import { relu6 } from '../../layers/relu6.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(relu6, {
  refuses: [
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
