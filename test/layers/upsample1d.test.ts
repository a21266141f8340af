import { upsample1d } from '../../layers/upsample1d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(upsample1d, {
  refuses: [
    { config: { size: 2 }, inputs: [[4, 5, 3]], says: 'needs a sequence' },
    { config: { size: 1.5 }, inputs: [[5, 3]], says: 'size' },
    { config: { interpolation: 'bilinear' }, inputs: [[5, 3]], says: 'interpolation' },
  ],
  noField: 'views lie fractions of a step apart; test/analysis/rules.test.ts compares the rules',
})
