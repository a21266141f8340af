import { maxPool3d } from '../../layers/maxPool3d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(maxPool3d, {
  refuses: [
    { config: { poolSize: 2 }, inputs: [[5, 6, 3]], says: 'needs a volume (depth × height × width × channels), but gets 5×6×3' },
    { config: { poolSize: [2, 2, 7] }, inputs: [[5, 6, 6, 3]], says: 'a window of 2×2×7 does not fit into 5×6×6×3' },
    { config: { poolSize: 2, padding: 2 }, inputs: [[5, 6, 6, 3]], says: 'must be smaller than the window of 2×2×2, but is 2×2×2' },
  ],
})
