import { depthToSpace } from '../../layers/depthToSpace.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(depthToSpace, {
  refuses: [
    { config: { blockSize: 2 }, inputs: [[2, 3, 6]], says: 'blocks of 2×2 do not divide 6 channels' },
    { config: { blockSize: 2 }, inputs: [[12]], says: 'needs an image' },
  ],
  noField: 'views lie fractions of a pixel apart; test/analysis/rules.test.ts compares the rule',
})
