import { add } from '../../layers/add.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(add, {
  refuses: [
    { inputs: [[4, 5, 3]], says: 'needs several tensors, but gets one of 4×5×3' },
    { inputs: [[4, 5, 3], [4, 5, 2]], says: 'shapes differ, 4×5×3 and 4×5×2' },
  ],
})
