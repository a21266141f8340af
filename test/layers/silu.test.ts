import { silu } from '../../layers/silu.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(silu, {
  refuses: [
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
