import { zeroPad2d } from '../../layers/zeroPad2d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(zeroPad2d, {
  refuses: [
    { config: { padding: 1 }, inputs: [[12]], says: 'needs an image' },
    { config: { padding: -1 }, inputs: [[5, 6, 3]], says: 'padding' },
  ],
})
