import { adaptiveAvgPool2d } from '../../layers/adaptiveAvgPool2d.ts'
import { layerSuite } from '../support/layerSuite.ts'

layerSuite(adaptiveAvgPool2d, {
  refuses: [
    { config: { outputSize: 2 }, inputs: [[12]], says: 'needs an image' },
    { config: { outputSize: 0 }, inputs: [[3, 3, 3]], says: 'outputSize' },
  ],
})
