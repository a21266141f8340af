// npm run mnist: trains a small network on the 60,000 images of MNIST and tries it on the 10,000 others.
// npm run mnist -- folder: the same with other images in IDX files, such as Fashion-MNIST.
import { mnistNet } from 'layergraph/graphs'
import { adam, cosineDecay, createModel, mnist, reviewModel, saveReport, showProgress, warmup } from 'layergraph/runtime'

const OUT = 'runs/mnist'
const SETTINGS = { epochs: 5, batchSize: 128, learningRate: 3e-3, warmup: 200, seed: 1 }

const [dir] = process.argv.slice(2)
const { train, test } = await mnist(dir === undefined ? {} : { dir })
const model = await createModel(mnistNet(), { seed: SETTINGS.seed })
console.log(model.summary())

const history = await model.fit(train, {
  epochs: SETTINGS.epochs,
  batchSize: SETTINGS.batchSize,
  optimizer: adam(warmup(SETTINGS.warmup, cosineDecay(SETTINGS.learningRate))),
  onStep: showProgress(),
})

const result = await model.evaluate(test)
console.log(`\n${(100 * result.accuracy!).toFixed(2)} % of ${result.examples.toLocaleString('en-US')} test images`)

await model.save(OUT)
await saveReport(OUT, { graph: model.graph, history, test: result, review: reviewModel(model, test), settings: { optimizer: 'adam, cosine', ...SETTINGS } })
console.log(`saved in ${OUT}, with report.html; try  npx layergraph predict ${OUT} seven.png`)
