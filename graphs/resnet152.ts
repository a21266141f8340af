// resnet152: fifty bottlenecks.
import { resnet } from './resnet.ts'

/**
 * ResNet-152 as in torchvision: 60,192,808 trainable parameters, 11,513,626,624 MACs, receptive field RF.
 *
 * Config: `classes` 1000, `inputShape` [224, 224, 3].
 * Paper: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, https://arxiv.org/abs/1512.03385.
 */
export const resnet152 = resnet({
  name: 'resnet152',
  summary: 'ResNet-152, fifty bottlenecks (He et al. 2016).',
  block: 'bottleneck',
  depths: [3, 8, 36, 3],
})
