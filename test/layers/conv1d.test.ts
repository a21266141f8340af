import { conv1d } from '../../layers/conv1d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(conv1d, {
  refuses: [
    { config: { filters: 4, kernelSize: 9 }, inputs: [[5, 3]], says: 'a window of 9 does not fit into 5×3' },
    {
      config: { filters: 4, kernelSize: 4, dilationRate: 2 }, inputs: [[5, 3]],
      says: 'a window of 4 dilated by 2 does not fit into 5×3 (it spans 7 steps)',
    },
    { config: { filters: 4, kernelSize: 3, groups: 3 }, inputs: [[5, 3]], says: '3 groups do not divide 4 filters' },
    { config: { filters: 4, kernelSize: 3 }, inputs: [[5, 6, 3]], says: 'needs a sequence (steps × channels), but gets 5×6×3' },
    { config: { filters: 4, kernelSize: [3, 3] }, inputs: [[5, 3]], says: 'kernelSize' },
  ],
})
