// Several inputs and outputs, and weights that are used twice: two digits go through the same layers, and the model says
// which digit the first one is and whether the second one is the same.
// npx tsx examples/twins.ts [folder with IDX files]
import { concat, conv2d, dense, flatten, graph, input, maxPool2d, pipe, sequence, shared } from 'layergraph'
import { adam, createModel, type ImageSet, mnist, sigmoidCrossEntropy, softmaxCrossEntropy } from 'layergraph/runtime'

const [left, right] = [input([28, 28, 1]), input([28, 28, 1])]
// One set of weights, whoever uses it.
const see = shared(sequence(
  conv2d({ filters: 8, kernelSize: 5, strides: 2, activation: 'relu' }), maxPool2d({ poolSize: 2 }), flatten(),
  dense({ units: 32, activation: 'relu' })))
const [a, b] = [see(left), see(right)]
const digit = dense({ units: 10 })(a)
const same = pipe(concat()([a, b]), dense({ units: 64, activation: 'relu' }), dense({ units: 1 }))
const net = graph({ name: 'twins', inputs: { left, right }, outputs: { digit, same } })

/** Each image beside another, which is of the same digit every second time. */
function pairs({ inputs, labels }: ImageSet, limit: number) {
  const count = Math.min(limit, labels.shape[0])
  const pixels = 28 * 28
  const partners = Array.from({ length: count }, (_, index) => {
    const wanted = index % 2 === 0
    for (let step = 1; step < count; step++) {
      const other = (index + step * 7) % count
      if ((labels.data[other] === labels.data[index]) === wanted) return other
    }
    return index
  })
  const second = new Float32Array(count * pixels)
  for (const [index, other] of partners.entries()) {
    second.set(inputs.data.subarray(other * pixels, (other + 1) * pixels), index * pixels)
  }
  const isSame = Uint8Array.from(partners, (other, index) => Number(labels.data[other] === labels.data[index]))
  const shape = [count, 28, 28, 1]
  return {
    inputs: { left: { data: inputs.data.subarray(0, count * pixels), shape }, right: { data: second, shape } },
    labels: {
      digit: { data: labels.data.subarray(0, count), shape: [count] },
      same: { data: isSame, shape: [count] },
    },
  }
}

const [dir] = process.argv.slice(2)
const { train, test } = await mnist(dir === undefined ? {} : { dir })
const model = await createModel(net, { seed: 1 })
console.log(model.summary())

const loss = { digit: softmaxCrossEntropy, same: sigmoidCrossEntropy }
for await (const { epochEnd } of model.train(pairs(train, 6000), { epochs: 3, batchSize: 50, optimizer: adam(2e-3), loss })) {
  if (epochEnd !== null) console.log(`epoch ${epochEnd.epoch}  loss ${epochEnd.loss.toFixed(3)}`)
}

const few = pairs(test, 4)
const answer = model.predict(few.inputs)
for (const [row, label] of few.labels.digit.data.entries()) {
  const scores = [...answer.digit.data.subarray(10 * row, 10 * row + 10)]
  const beside = answer.same.data[row]! > 0 ? 'another one' : 'something else'
  console.log(`a ${label} looks like a ${scores.indexOf(Math.max(...scores))}, with ${beside} beside it`)
}
