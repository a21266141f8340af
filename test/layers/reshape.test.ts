import { reshape } from '../../layers/reshape.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(reshape, {
  refuses: [
    { config: { shape: [5, 5] }, inputs: [[24]], says: '24' },
    { config: { shape: [0] }, inputs: [[24]], says: 'shape' },
  ],
})
