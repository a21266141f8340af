import { avgPool2d } from '../../layers/avgPool2d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(avgPool2d, {
  refuses: [
    { config: { poolSize: 2 }, inputs: [[12]], says: 'needs an image' },
    { config: { poolSize: 7 }, inputs: [[5, 6, 3]], says: 'a window of 7×7 does not fit into 5×6×3' },
    { config: { poolSize: 2, padding: 2 }, inputs: [[5, 6, 3]], says: 'must be smaller than the window of 2×2, but is 2×2' },
  ],
})
