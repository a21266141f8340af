import { conv2d } from '../../layers/conv2d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(conv2d, {
  refuses: [
    { config: { filters: 4, kernelSize: 9 }, inputs: [[5, 6, 3]], says: 'a window of 9×9 does not fit into 5×6×3' },
    { config: { filters: 4, kernelSize: 3, groups: 3 }, inputs: [[5, 6, 3]], says: '3 groups do not divide 4 filters' },
    { config: { filters: 6, kernelSize: 3, groups: 3 }, inputs: [[5, 6, 4]], says: '3 groups do not divide 4 channels' },
    { config: { filters: 4, kernelSize: 3 }, inputs: [[12]], says: 'needs an image' },
    { config: { filters: 0, kernelSize: 3 }, inputs: [[5, 6, 3]], says: 'filters' },
  ],
})
