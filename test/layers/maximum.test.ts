import { maximum } from '../../layers/maximum.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(maximum, {
  refuses: [
    { inputs: [[4, 5, 3], [4, 5, 2]], says: 'shapes differ, 4×5×3 and 4×5×2' },
    { inputs: [[4]], says: 'needs several tensors' },
  ],
})
