import { crop3d } from '../../layers/crop3d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(crop3d, {
  refuses: [
    { config: { cropping: 1 }, inputs: [[4, 5, 3]], says: 'needs a volume' },
    { config: { cropping: [[1, 2], [0, 0], [0, 1]] }, inputs: [[3, 8, 8, 2]], says: 'cutting off 3×0×1 voxels leaves nothing of 3×8×8×2' },
    { config: { cropping: -1 }, inputs: [[5, 4, 6, 3]], says: 'cropping' },
    { config: { cropping: [[1, 1], [1, 1]] }, inputs: [[5, 4, 6, 3]], says: 'cropping' },
  ],
})
