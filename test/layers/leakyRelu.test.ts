import { leakyRelu } from '../../layers/leakyRelu.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(leakyRelu, {
  refuses: [
    { config: { alpha: -0.1 }, inputs: [[3]], says: 'alpha' },
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
