import { zeroPad1d } from '../../layers/zeroPad1d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(zeroPad1d, {
  refuses: [
    { config: { padding: 1 }, inputs: [[4, 5, 3]], says: 'needs a sequence' },
    { config: { padding: -1 }, inputs: [[5, 3]], says: 'padding' },
    { config: { padding: [[1, 1], [1, 1]] }, inputs: [[5, 3]], says: 'padding' },
  ],
})
