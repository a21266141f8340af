// A tfjs-layers network, unchanged, trained on WebAssembly by the kernels of layergraph.
//   npx tsx examples/tfjs-layers.ts [folder with IDX files]
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs'
import { installKernels } from 'layergraph/kernels'
import { mnist } from 'layergraph/runtime'

await tf.setBackend('wasm')
installKernels({ replace: true })

const model = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: 'relu' }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.separableConv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
    tf.layers.batchNormalization(),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dropout({ rate: 0.3 }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
})
model.compile({ optimizer: tf.train.adam(2e-3), loss: 'categoricalCrossentropy', metrics: ['accuracy'] })

const [dir] = process.argv.slice(2)
const { train, test } = await mnist(dir === undefined ? {} : { dir })
const tensors = ({ inputs, labels }: typeof train) => ({
  images: tf.tensor4d(inputs.data, [...inputs.shape]),
  digits: tf.oneHot(tf.tensor1d(labels.data, 'int32'), 10),
})

const { images, digits } = tensors(train)
await model.fit(images, digits, {
  epochs: 2,
  batchSize: 128,
  verbose: 0,
  callbacks: { onEpochEnd: (epoch, logs) => console.log(`epoch ${epoch + 1}  loss ${logs?.['loss']?.toFixed(4)}`) },
})

const unseen = tensors(test)
const [, accuracy] = model.evaluate(unseen.images, unseen.digits, { batchSize: 500 }) as tf.Scalar[]
console.log(`${(100 * accuracy!.dataSync()[0]!).toFixed(2)} % of ${test.labels.shape[0]} test images`)
