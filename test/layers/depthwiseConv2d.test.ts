import { depthwiseConv2d } from '../../layers/depthwiseConv2d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(depthwiseConv2d, {
  refuses: [
    { config: { kernelSize: 3 }, inputs: [[12]], says: 'needs an image' },
    { config: { kernelSize: [2, 7] }, inputs: [[5, 6, 3]], says: 'a window of 2×7 does not fit into 5×6×3' },
    { config: { kernelSize: 3, depthMultiplier: 0 }, inputs: [[5, 6, 3]], says: 'depthMultiplier' },
  ],
})
