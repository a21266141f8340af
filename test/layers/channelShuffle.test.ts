import { channelShuffle } from '../../layers/channelShuffle.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(channelShuffle, {
  refuses: [
    { config: { groups: 3 }, inputs: [[2, 3, 64]], says: '3 groups do not divide 64 channels' },
    { config: { groups: 2 }, inputs: [[12]], says: 'needs an image' },
  ],
})
