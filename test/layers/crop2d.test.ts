import { crop2d } from '../../layers/crop2d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(crop2d, {
  refuses: [
    { config: { cropping: 1 }, inputs: [[12]], says: 'needs an image' },
    { config: { cropping: [[1, 2], [0, 0]] }, inputs: [[3, 8, 2]], says: 'cutting off 3×0 pixels leaves nothing of 3×8×2' },
    { config: { cropping: -1 }, inputs: [[5, 6, 3]], says: 'cropping' },
  ],
})
