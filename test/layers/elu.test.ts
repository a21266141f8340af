import { elu } from '../../layers/elu.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(elu, {
  refuses: [
    { config: { alpha: -1 }, inputs: [[3]], says: 'alpha' },
    { inputs: [[3], [3]], says: 'needs one tensor' },
  ],
})
