// A tfjs-layers network with every layer that a small CNN is made of, as a user of TensorFlow.js writes it.
import * as tf from '@tensorflow/tfjs'
import { randomValues } from '../kernels/comparison.ts'

/** [12, 12, 3] → 5 classes. */
export function makeNetwork(): tf.Sequential {
  const he = (seed: number) => tf.initializers.heNormal({ seed })
  const glorot = (seed: number) => tf.initializers.glorotUniform({ seed })
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [12, 12, 3], filters: 8, kernelSize: 3, padding: 'same', activation: 'relu',
        kernelInitializer: he(1),
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.separableConv2d({
        filters: 12, kernelSize: 3, padding: 'same', useBias: false,
        depthwiseInitializer: he(2), pointwiseInitializer: he(3),
      }),
      tf.layers.batchNormalization(),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, depthwiseInitializer: he(4) }),
      tf.layers.conv2d({ filters: 10, kernelSize: 2, strides: 2, activation: 'tanh', kernelInitializer: he(5) }),
      tf.layers.averagePooling2d({ poolSize: 2, strides: 1 }),
      tf.layers.dropout({ rate: 0.25, seed: 6 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 16, activation: 'relu', kernelInitializer: glorot(7) }),
      tf.layers.dense({ units: 5, activation: 'softmax', kernelInitializer: glorot(8) }),
    ],
  })
}

/** Images of two kinds of noise and their labels, so that there is something to learn. */
export function makeBatch(size: number): { readonly x: tf.Tensor4D; readonly y: tf.Tensor2D } {
  const labels = Array.from({ length: size }, (_, i) => i % 5)
  const noise = randomValues(size * 12 * 12 * 3, 11, 1)
  const pixels = noise.map((value, i) => value + labels[Math.floor(i / 432)]! * ((i % 7) / 7))
  const x = tf.tensor4d(pixels, [size, 12, 12, 3])
  return { x, y: tf.oneHot(tf.tensor1d(labels, 'int32'), 5).toFloat() as tf.Tensor2D }
}
