import { concat } from '../../layers/concat.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(concat, {
  refuses: [
    { config: { axis: 1 }, inputs: [[4, 5, 3], [4, 5, 2]], says: 'only axis 1 may differ, but 4×5×3 meets 4×5×2' },
    { config: { axis: 4 }, inputs: [[4, 5, 3], [4, 5, 2]], says: 'there is no axis 4 in 4×5×3' },
    { config: { axis: 0 }, inputs: [[4], [4]], says: 'is the batch' },
    { inputs: [[4, 5, 3]], says: 'needs several tensors, but gets one of 4×5×3' },
    { inputs: [[4, 5, 3], [3, 5, 3]], says: 'only the channels may differ, but 4×5×3 meets 3×5×3' },
  ],
})
