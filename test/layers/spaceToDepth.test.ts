import { spaceToDepth } from '../../layers/spaceToDepth.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(spaceToDepth, {
  refuses: [
    { config: { blockSize: 2 }, inputs: [[4, 5, 6]], says: 'blocks of 2×2 do not divide 4×5×6' },
    { config: { blockSize: 2 }, inputs: [[12]], says: 'needs an image' },
  ],
})
