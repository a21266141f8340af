import { concat } from '../../layers/concat.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(concat, {
  refuses: [
    { inputs: [[4, 5, 3]], says: 'needs several tensors, but gets one of 4×5×3' },
    { inputs: [[4, 5, 3], [3, 5, 3]], says: 'only the channels may differ, but 4×5×3 meets 3×5×3' },
  ],
})
