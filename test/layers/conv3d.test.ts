import { conv3d } from '../../layers/conv3d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(conv3d, {
  refuses: [
    { config: { filters: 4, kernelSize: [2, 3, 9] }, inputs: [[5, 6, 7, 3]], says: 'a window of 2×3×9 does not fit into 5×6×7×3' },
    {
      config: { filters: 4, kernelSize: 4, dilationRate: [1, 1, 2] }, inputs: [[6, 6, 6, 3]],
      says: 'a window of 4×4×4 dilated by 1×1×2 does not fit into 6×6×6×3 (it spans 4×4×7 voxels)',
    },
    { config: { filters: 6, kernelSize: 3, groups: 3 }, inputs: [[5, 6, 7, 4]], says: '3 groups do not divide 4 channels' },
    { config: { filters: 4, kernelSize: 3 }, inputs: [[5, 6, 3]], says: 'needs a volume (depth × height × width × channels), but gets 5×6×3' },
  ],
})
