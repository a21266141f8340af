import { randomizedLeakyRelu } from '../../layers/randomizedLeakyRelu.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(randomizedLeakyRelu, {
  refuses: [
    { config: { lower: 0.5, upper: 0.2 }, inputs: [[3]], says: 'upper: must not be smaller than lower' },
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
