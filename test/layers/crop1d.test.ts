import { crop1d } from '../../layers/crop1d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(crop1d, {
  refuses: [
    { config: { cropping: 1 }, inputs: [[4, 5, 3]], says: 'needs a sequence' },
    { config: { cropping: [[1, 2]] }, inputs: [[3, 2]], says: 'cutting off 3 steps leaves nothing of 3×2' },
    { config: { cropping: -1 }, inputs: [[5, 3]], says: 'cropping' },
    { config: { cropping: [[1, 1], [1, 1]] }, inputs: [[5, 3]], says: 'cropping' },
  ],
})
