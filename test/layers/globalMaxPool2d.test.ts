import { globalMaxPool2d } from '../../layers/globalMaxPool2d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(globalMaxPool2d, {
  refuses: [
    { inputs: [[12]], says: 'needs an image' },
  ],
})
