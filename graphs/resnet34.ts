// resnet34: sixteen residual blocks of two 3×3 convolutions.
import { resnet } from './resnet.ts'

/**
 * ResNet-34 as in torchvision: 21,797,672 trainable parameters, 3,663,761,408 MACs, receptive field RF.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3].
 * Paper: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, https://arxiv.org/abs/1512.03385.
 */
export const resnet34 = resnet({
  name: 'resnet34',
  summary: 'ResNet-34, sixteen residual blocks of two 3×3 convolutions (He et al. 2016).',
  block: 'basic',
  depths: [3, 4, 6, 3],
})
