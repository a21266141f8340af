import { gelu } from '../../layers/gelu.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(gelu, {
  refuses: [
    { config: { approximate: 'tanh' }, inputs: [[3]], says: 'approximate' },
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
