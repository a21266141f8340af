import { multiply } from '../../layers/multiply.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(multiply, {
  refuses: [
    { inputs: [[4, 5, 3], [4, 5, 2]], says: '4×5×3 and 4×5×2 do not go together' },
    { inputs: [[4, 5, 3], [5]], says: '4×5×3 and 5 do not go together' },
    { inputs: [[4]], says: 'needs several tensors' },
  ],
})
