import { upsample3d } from '../../layers/upsample3d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(upsample3d, {
  refuses: [
    { config: { size: 2 }, inputs: [[4, 5, 3]], says: 'needs a volume' },
    { config: { size: 1.5 }, inputs: [[5, 4, 6, 3]], says: 'size' },
    { config: { interpolation: 'bilinear' }, inputs: [[5, 4, 6, 3]], says: 'interpolation' },
  ],
  noField: 'views lie fractions of a voxel apart; test/analysis/rules.test.ts compares the rules',
})
