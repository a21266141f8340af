// resnet18: eight residual blocks of two 3×3 convolutions.
import { resnet } from './resnet.ts'

/**
 * ResNet-18 as in torchvision: 11,689,512 trainable parameters, 1,814,073,344 MACs, receptive field 435.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3].
 * Paper: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, https://arxiv.org/abs/1512.03385.
 */
export const resnet18 = resnet({
  name: 'resnet18',
  summary: 'ResNet-18, eight residual blocks of two 3×3 convolutions (He et al. 2016).',
  block: 'basic',
  depths: [2, 2, 2, 2],
})
