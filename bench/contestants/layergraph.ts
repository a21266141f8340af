// layergraph through its public doors, the built package: node layergraph.ts [BATCH], for works whose batch is open.
import { googlenet, mobilenetV1, resnet50 } from 'layergraph/graphs'
import { deformConv2d, deformConv2dGradients, hasRelaxedSimd, matMul } from 'layergraph/kernels'
import { adam, allowRelaxedSimd, type ArrayTensor, createModel, type ImageSet, mnist, type TrainStep } from 'layergraph/runtime'
import * as tf from '@tensorflow/tfjs-core'
import { ownVersions } from '../machine.ts'
import { type Prepare, serve, type Step } from '../serve.ts'
import { classIds, normal } from '../values.ts'
import { CLASSES, lenet, type Shape, type Training, trainings } from './networks.ts'

/** Updates through `model.train`, one epoch after another over a few batches. */
async function training({ net, shape: [height, width, channels], batchSize, optimizer }: Training): Promise<Step> {
  const model = await createModel(net())
  const count = batchSize * 32
  const data = {
    inputs: { data: normal(count * height * width * channels), shape: [count, height, width, channels] },
    labels: { data: classIds(count, CLASSES), shape: [count] },
  }
  let steps: AsyncGenerator<TrainStep> | null = null
  return async () => {
    steps ??= model.train(data, { epochs: 1_000_000, batchSize, optimizer: optimizer() })
    await steps.next()
  }
}

/** Arrays in, arrays out. */
function prediction(model: { predict(image: ArrayTensor): unknown }, [height, width, channels]: Shape, batch: number): Step {
  const image = { data: normal(batch * height * width * channels), shape: [batch, height, width, channels] }
  return () => model.predict(image)
}

/** Trains afresh, until the test images of an epoch's end are right in 99 of 100. Says how long that took. */
async function untilAccurate(train: ImageSet, test: ImageSet): Promise<string> {
  const model = await createModel(lenet(), { seed: 1 })
  try {
    for await (const { epochEnd } of model.train(train, { epochs: 20, batchSize: 128, optimizer: adam(1e-3), validation: test })) {
      if ((epochEnd?.validationAccuracy ?? 0) >= 0.99) return `${epochEnd?.epoch} epochs`
    }
  } finally {
    model.dispose()
  }
  throw new Error('did not reach 99 % in 20 epochs')
}

const MNIST: Shape = [28, 28, 1]
const LARGE: Shape = [224, 224, 3]
const lenetModel = () => createModel(lenet())

/** x, offsets and filter of a deformable convolution. */
async function deformable(): Promise<[x: tf.Tensor4D, offsets: tf.Tensor4D, filter: tf.Tensor4D]> {
  // A model starts the backend and installs the kernels.
  await lenetModel()
  const some = (shape: [number, number, number, number], scale: number, seed: number): tf.Tensor4D =>
    tf.tensor4d(normal(shape.reduce((product, size) => product * size), seed).map((value) => scale * value), shape)
  return [some([8, 28, 28, 32], 1, 1), some([8, 28, 28, 18], 1.5, 2), some([3, 3, 32, 64], 0.1, 3)]
}

const works: Readonly<Record<string, Prepare>> = {
  ...Object.fromEntries(Object.entries(trainings).map(([name, one]) => [name, () => training(one)])),
  'lenet-512-images': async () => {
    const batchSize = Number(process.argv[2])
    const update = await training({ ...trainings['lenet-train'], batchSize })
    return async () => {
      for (let done = 0; done < 512; done += batchSize) await update()
    }
  },
  mnist: async () => {
    const { train, test } = await mnist()
    return () => untilAccurate(train, test)
  },
  'lenet-predict-1': async () => prediction(await lenetModel(), MNIST, 1),
  'lenet-predict-128': async () => prediction(await lenetModel(), MNIST, 128),
  'resnet50-predict': async () => prediction(await createModel(resnet50()), LARGE, 1),
  'mobilenet-predict': async () => prediction(await createModel(mobilenetV1()), LARGE, 1),
  'googlenet-predict': async () => prediction(await createModel(googlenet()), LARGE, 1),
  'deform-forward': async () => {
    const [x, offsets, filter] = await deformable()
    return () => deformConv2d(x, offsets, filter, { padding: 1 }).dispose()
  },
  'deform-backward': async () => {
    const [x, offsets, filter] = await deformable()
    const dy = tf.tensor4d(normal(8 * 28 * 28 * 64, 4), [8, 28, 28, 64])
    const attrs = {
      strides: [1, 1], pads: [[1, 1], [1, 1]], dilations: [1, 1], groups: 1, offsetGroups: 1,
    } as const
    return () => tf.dispose(deformConv2dGradients(x, offsets, null, filter, dy, attrs) as tf.Tensor[])
  },
  'product-1024': async () => {
    // A model starts the backend and installs the kernels.
    await lenetModel()
    const [a, b] = [0, 1].map(() => tf.tensor2d(normal(1024 * 1024), [1024, 1024])) as [tf.Tensor2D, tf.Tensor2D]
    return () => matMul(a, b, null, { transposeA: false, transposeB: false, activation: 'linear' }).dispose()
  },
}

allowRelaxedSimd()
await serve(works, () => `${ownVersions()}, ${hasRelaxedSimd() ? 'relaxed' : 'plain'} SIMD`)
