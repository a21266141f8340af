// resnet101: 33 bottlenecks.
import { resnet } from './resnet.ts'

/**
 * ResNet-101 as in torchvision: 44,549,160 trainable parameters, 7,801,405,440 MACs, receptive field RF.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3].
 * Paper: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, https://arxiv.org/abs/1512.03385.
 */
export const resnet101 = resnet({
  name: 'resnet101',
  summary: 'ResNet-101, 33 bottlenecks (He et al. 2016).',
  block: 'bottleneck',
  depths: [3, 4, 23, 3],
})
