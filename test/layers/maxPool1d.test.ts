import { maxPool1d } from '../../layers/maxPool1d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(maxPool1d, {
  refuses: [
    { config: { poolSize: 2 }, inputs: [[5, 6, 3]], says: 'needs a sequence (steps × channels), but gets 5×6×3' },
    { config: { poolSize: 7 }, inputs: [[5, 3]], says: 'a window of 7 does not fit into 5×3' },
    { config: { poolSize: 2, padding: 2 }, inputs: [[5, 3]], says: 'must be smaller than the window of 2, but is 2' },
  ],
})
