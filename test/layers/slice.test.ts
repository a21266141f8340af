import { slice } from '../../layers/slice.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(slice, {
  refuses: [
    { config: { begin: [0, 0, 6], size: [-1, -1, 4] }, inputs: [[3, 3, 8]], says: '4 from 6 on do not fit into a size of 8' },
    { config: { begin: [8], size: [-1] }, inputs: [[8]], says: 'there is nothing from 8 on in a size of 8' },
    { config: { begin: [0], size: [1] }, inputs: [[3, 3, 8]], says: 'begin and size are for 1 axes, but the input is 3×3×8' },
    { config: { begin: [0, 0], size: [1] }, inputs: [[3, 3]], says: 'as many numbers as begin' },
  ],
})
