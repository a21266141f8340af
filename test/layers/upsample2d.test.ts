import { upsample2d } from '../../layers/upsample2d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(upsample2d, {
  refuses: [
    { config: { size: 2 }, inputs: [[12]], says: 'needs an image' },
    { config: { size: 1.5 }, inputs: [[5, 6, 3]], says: 'size' },
    { config: { interpolation: 'bicubic' }, inputs: [[5, 6, 3]], says: 'interpolation' },
  ],
  noField: 'views lie fractions of a pixel apart; test/analysis/rules.test.ts compares the rules',
})
