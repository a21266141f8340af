// tfjs-layers, unchanged, on a backend of TensorFlow.js: node tfjsLayers.ts wasm|cpu
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { installKernels } from 'layergraph/kernels'
import { allowRelaxedSimd } from 'layergraph/runtime'
import { type Prepare, serve, type Step } from '../serve.ts'
import { classIds, normal } from '../values.ts'

const backend = process.argv[2] as 'wasm' | 'cpu'

/** conv32-3×3, pool, conv64-3×3, pool, dense128, dense10. */
function lenet(): tf.Sequential {
  const model = tf.sequential()
  model.add(tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: 'relu' }))
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }))
  model.add(tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }))
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }))
  model.add(tf.layers.flatten())
  model.add(tf.layers.dense({ units: 128, activation: 'relu' }))
  model.add(tf.layers.dense({ units: 10 }))
  return model
}

async function training(): Promise<Step> {
  const model = lenet()
  const loss = (labels: tf.Tensor, logits: tf.Tensor): tf.Tensor => tf.losses.softmaxCrossEntropy(labels, logits)
  model.compile({ optimizer: tf.train.adam(1e-3), loss })
  const x = tf.tensor4d(normal(128 * 28 * 28), [128, 28, 28, 1])
  const y = tf.oneHot(tf.tensor1d(classIds(128, 10), 'int32'), 10).toFloat()
  return () => model.trainOnBatch(x, y)
}

async function prediction(batch: number): Promise<Step> {
  const model = lenet()
  const x = normal(batch * 28 * 28)
  return () => tf.tidy(() => (model.predict(tf.tensor4d(x, [batch, 28, 28, 1])) as tf.Tensor).dataSync())
}

/** The same on the backend, with our kernels in place of its own. */
const on = (prepare: Prepare): Prepare => async () => {
  await tf.setBackend(backend)
  if (backend === 'wasm') installKernels({ replace: true })
  return prepare()
}

const works: Readonly<Record<string, Prepare>> = {
  'lenet-train': on(training),
  'lenet-predict-1': on(() => prediction(1)),
  'lenet-predict-128': on(() => prediction(128)),
}

allowRelaxedSimd()
await serve(works, () => `tfjs-layers ${tf.version_layers}`)
