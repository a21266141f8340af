import { spatialPyramidPool } from '../../layers/spatialPyramidPool.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(spatialPyramidPool, {
  noField: 'a unit of a fine level sees its bin alone; the rule is that of the coarsest level',
  refuses: [
    { inputs: [[12]], says: 'needs an image' },
    { config: { bins: [] }, inputs: [[3, 3, 3]], says: 'bins' },
  ],
})
