import { globalAvgPool2d } from '../../layers/globalAvgPool2d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(globalAvgPool2d, {
  refuses: [
    { inputs: [[12]], says: 'needs an image' },
  ],
})
