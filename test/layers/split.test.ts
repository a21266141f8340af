import { split } from '../../layers/split.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(split, {
  refuses: [
    { config: { numOrSizeSplits: 3 }, inputs: [[4, 4, 8]], says: '3 parts do not divide a size of 8' },
    { config: { numOrSizeSplits: [3, 4] }, inputs: [[8]], says: 'parts of 7 in all do not make up a size of 8' },
    { config: { numOrSizeSplits: 2, axis: 4 }, inputs: [[4, 4, 8]], says: 'there is no axis 4 in 4×4×8' },
    { config: { numOrSizeSplits: 2, axis: 0 }, inputs: [[8]], says: 'is the batch' },
    { config: { numOrSizeSplits: 2 }, inputs: [[]], says: 'needs at least one dimension' },
  ],
})
