import { groupNorm } from '../../layers/groupNorm.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(groupNorm, {
  noField: 'through mean and variance every pixel moves every other one; the field leaves that out, as the page says',
  refuses: [
    { config: { groups: 3 }, inputs: [[4, 4, 8]], says: '3 groups do not divide 8 channels' },
    { inputs: [[4, 4, 8]], says: '32 groups do not divide 8 channels' },
    { config: { groups: 1 }, inputs: [[]], says: 'needs at least one dimension' },
  ],
})
