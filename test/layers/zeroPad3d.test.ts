import { zeroPad3d } from '../../layers/zeroPad3d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(zeroPad3d, {
  refuses: [
    { config: { padding: 1 }, inputs: [[4, 5, 3]], says: 'needs a volume' },
    { config: { padding: -1 }, inputs: [[5, 4, 6, 3]], says: 'padding' },
    { config: { padding: [[1, 1], [1, 1]] }, inputs: [[5, 4, 6, 3]], says: 'padding' },
  ],
})
