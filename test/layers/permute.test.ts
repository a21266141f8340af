import { permute } from '../../layers/permute.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(permute, {
  refuses: [
    { config: { dims: [2, 1] }, inputs: [[3, 3, 8]], says: 'orders 2 axes, but the input is 3×3×8' },
    { config: { dims: [1, 1, 3] }, inputs: [[3, 3, 8]], says: 'must name every axis from 1 on once' },
  ],
})
