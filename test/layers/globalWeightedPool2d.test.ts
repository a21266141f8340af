import { globalWeightedPool2d } from '../../layers/globalWeightedPool2d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(globalWeightedPool2d, {
  refuses: [
    { inputs: [[12]], says: 'needs an image' },
  ],
})
