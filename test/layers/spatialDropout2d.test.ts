import { spatialDropout2d } from '../../layers/spatialDropout2d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(spatialDropout2d, {
  noFixture: 'what it drops comes from a generator of our own; test/kernels/dropout.test.ts looks at the share and the scale',
  refuses: [
    { config: { rate: 0.1 }, inputs: [[12]], says: 'needs an image' },
    { config: { rate: 1 }, inputs: [[3, 3, 3]], says: 'rate' },
  ],
})
