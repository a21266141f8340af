// resnet50: sixteen bottlenecks.
import { resnet } from './resnet.ts'

/**
 * ResNet-50 as in torchvision: 25,557,032 trainable parameters, 4,089,184,256 MACs, receptive field 427.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3].
 * Paper: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, https://arxiv.org/abs/1512.03385.
 */
export const resnet50 = resnet({
  name: 'resnet50',
  summary: 'ResNet-50, sixteen bottlenecks (He et al. 2016).',
  block: 'bottleneck',
  depths: [3, 4, 6, 3],
})
