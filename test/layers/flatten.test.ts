import { flatten } from '../../layers/flatten.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(flatten, {
  refuses: [
    { inputs: [[2], [2]], says: 'needs one tensor' },
  ],
})
