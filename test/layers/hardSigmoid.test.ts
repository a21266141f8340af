import { hardSigmoid } from '../../layers/hardSigmoid.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(hardSigmoid, {
  refuses: [
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
