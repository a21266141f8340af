import { hardSwish } from '../../layers/hardSwish.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(hardSwish, {
  refuses: [
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
