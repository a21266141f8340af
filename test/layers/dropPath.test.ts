import { dropPath } from '../../layers/dropPath.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(dropPath, {
  noFixture: 'what it drops comes from a generator of our own; test/kernels/dropout.test.ts looks at the share and the scale',
  refuses: [
    { config: { rate: 1 }, inputs: [[3]], says: 'rate' },
    { config: { rate: 0.5 }, inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
