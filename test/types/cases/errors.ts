// Every line that ends in "✖ sentence" must be an error that says so, and no other line may be one.
import {
  add, avgPool1d, avgPool2d, avgPool3d, batchNorm, channelShuffle, concat, conv1d, conv2d, conv2dTranspose, conv3d,
  crop1d, crop2d, crop3d, deformableConv2d, dense, depthToSpace, depthwiseConv2d, dropout, flatten, globalAvgPool2d, graph, input,
  maxPool1d, maxPool2d, maxPool3d, named, parallel, pipe, relu, reshape, residual, sequence, shared, softmax,
  spaceToDepth, upsample1d, upsample2d, upsample3d, zeroPad1d, zeroPad2d, zeroPad3d,
} from '../../../src/index.ts'

const image = input([28, 28, 3])
const vector = input([16])

// ── one layer on a tensor ───────────────────────────────────────────────────

conv2d({ filters: 8, kernelSize: 31 })(image) // ✖ conv2d: a window of 31×31 does not fit into 28×28×3
conv2d({ filters: 8, kernelSize: [3, 29] })(image) // ✖ conv2d: a window of 3×29 does not fit into 28×28×3
conv2d({ filters: 8, kernelSize: 15, dilationRate: 2 })(image) // ✖ conv2d: a window of 15×15 dilated by 2 does not fit into 28×28×3 (it spans 29×29 pixels)
conv2d({ filters: 8, kernelSize: 33, padding: 2 })(image) // ✖ conv2d: a window of 33×33 does not fit into 28×28×3
conv2d({ filters: 8, kernelSize: 3 })(vector) // ✖ conv2d: needs an image (height × width × channels), but gets 16
conv2d({ filters: 8, kernelSize: 3, groups: 2 })(image) // ✖ conv2d: 2 groups do not divide 3 channels
conv2d({ filters: 8, kernelSize: 3, groups: 3 })(image) // ✖ conv2d: 3 groups do not divide 8 filters
conv2d({ filters: 8, kernelSize: 3 })([image, image]) // ✖ conv2d: needs one tensor, but gets 2 tensors
deformableConv2d({ filters: 8, kernelSize: 31 })(image) // ✖ deformableConv2d: a window of 31×31 does not fit into 28×28×3
deformableConv2d({ filters: 8, kernelSize: 3, offsetGroups: 2 })(image) // ✖ deformableConv2d: 2 offset groups do not divide 3 channels
deformableConv2d({ filters: 8, kernelSize: 3, groups: 3 })(image) // ✖ deformableConv2d: 3 groups do not divide 8 filters
deformableConv2d({ filters: 8, kernelSize: 3 })([image, input([26, 26, 9])]) // ✖ deformableConv2d: the offsets must be 26×26×18, but are 26×26×9
deformableConv2d({ filters: 8, kernelSize: 3, modulated: true })([image, input([26, 26, 18])]) // ✖ deformableConv2d: needs the image alone, or with its offsets and mask, but gets 2 tensors
depthwiseConv2d({ kernelSize: 29 })(image) // ✖ depthwiseConv2d: a window of 29×29 does not fit into 28×28×3
maxPool2d({ poolSize: 30 })(image) // ✖ maxPool2d: a window of 30×30 does not fit into 28×28×3
maxPool2d({ poolSize: 30, ceilMode: true })(image) // ✖ maxPool2d: a window of 30×30 does not fit into 28×28×3
avgPool2d({ poolSize: [2, 31], padding: [[0, 0], [1, 1]] })(image) // ✖ avgPool2d: a window of 2×31 does not fit into 28×28×3
conv1d({ filters: 8, kernelSize: 3 })(image) // ✖ conv1d: needs a sequence (steps × channels), but gets 28×28×3
conv1d({ filters: 8, kernelSize: 4, dilationRate: 2 })(input([5, 3])) // ✖ conv1d: a window of 4 dilated by 2 does not fit into 5×3 (it spans 7 steps)
conv1d({ filters: 8, kernelSize: 3, groups: 2 })(input([5, 3])) // ✖ conv1d: 2 groups do not divide 3 channels
conv3d({ filters: 8, kernelSize: 3 })(image) // ✖ conv3d: needs a volume (depth × height × width × channels), but gets 28×28×3
conv3d({ filters: 8, kernelSize: [1, 3, 5], dilationRate: [1, 1, 2] })(input([4, 4, 4, 1])) // ✖ conv3d: a window of 1×3×5 dilated by 1×1×2 does not fit into 4×4×4×1 (it spans 1×3×9 voxels)
maxPool1d({ poolSize: 6 })(input([5, 3])) // ✖ maxPool1d: a window of 6 does not fit into 5×3
avgPool1d({ poolSize: 2 })(vector) // ✖ avgPool1d: needs a sequence (steps × channels), but gets 16
maxPool3d({ poolSize: 5 })(input([4, 6, 6, 1])) // ✖ maxPool3d: a window of 5×5×5 does not fit into 4×6×6×1
avgPool3d({ poolSize: [5, 1, 1], ceilMode: true })(input([4, 6, 6, 1])) // ✖ avgPool3d: a window of 5×1×1 does not fit into 4×6×6×1
conv2dTranspose({ filters: 8, kernelSize: 3, padding: 2 })(input([2, 9, 3])) // ✖ conv2dTranspose: padding cuts off all that a window of 3×3 makes of 2×9×3
conv2dTranspose({ filters: 8, kernelSize: 3, groups: 2 })(image) // ✖ conv2dTranspose: 2 groups do not divide 3 channels
crop2d({ cropping: [[14, 14], [0, 1]] })(image) // ✖ crop2d: cutting off 28×1 pixels leaves nothing of 28×28×3
crop1d({ cropping: [[2, 3]] })(input([5, 3])) // ✖ crop1d: cutting off 5 steps leaves nothing of 5×3
crop3d({ cropping: [[1, 1], [3, 3], [0, 0]] })(input([4, 6, 6, 1])) // ✖ crop3d: cutting off 2×6×0 voxels leaves nothing of 4×6×6×1
zeroPad1d({ padding: 1 })(image) // ✖ zeroPad1d: needs a sequence (steps × channels), but gets 28×28×3
zeroPad3d({ padding: 1 })(image) // ✖ zeroPad3d: needs a volume (depth × height × width × channels), but gets 28×28×3
upsample1d()(vector) // ✖ upsample1d: needs a sequence (steps × channels), but gets 16
upsample3d()(image) // ✖ upsample3d: needs a volume (depth × height × width × channels), but gets 28×28×3
upsample2d()(vector) // ✖ upsample2d: needs an image (height × width × channels), but gets 16
channelShuffle({ groups: 3 })(input([7, 7, 64])) // ✖ channelShuffle: 3 groups do not divide 64 channels
depthToSpace({ blockSize: 2 })(image) // ✖ depthToSpace: blocks of 2×2 do not divide 3 channels
spaceToDepth({ blockSize: 3 })(image) // ✖ spaceToDepth: blocks of 3×3 do not divide 28×28×3
globalAvgPool2d()(vector) // ✖ globalAvgPool2d: needs an image (height × width × channels), but gets 16
zeroPad2d({ padding: 1 })(vector) // ✖ zeroPad2d: needs an image (height × width × channels), but gets 16
reshape({ shape: [28, 28] })(image) // ✖ reshape: 28×28×3 holds 2352 numbers and 28×28 holds 784
dense({ units: 3 })(input([])) // ✖ dense: needs at least one dimension, but gets a scalar
softmax()(input([])) // ✖ softmax: needs at least one dimension, but gets a scalar
batchNorm()(input([])) // ✖ batchNorm: needs at least one dimension, but gets a scalar
relu()([image, image]) // ✖ relu: needs one tensor, but gets 2 tensors
flatten()([image, image]) // ✖ flatten: needs one tensor, but gets 2 tensors

// ── several tensors ─────────────────────────────────────────────────────────

add()([image, input([28, 28, 1])]) // ✖ add: shapes differ, 28×28×3 and 28×28×1
add()([image, image, vector]) // ✖ add: shapes differ, 28×28×3 and 16
add()(image) // ✖ add: needs several tensors, but gets one of 28×28×3
add()([image]) // ✖ add: needs several tensors, but gets one of 28×28×3
concat()([image, input([14, 28, 3])]) // ✖ concat: only the channels may differ, but 28×28×3 meets 14×28×3
concat()([image, image, vector]) // ✖ concat: only the channels may differ, but 28×28×6 meets 16
concat()(image) // ✖ concat: needs several tensors, but gets one of 28×28×3

// ── chains: the layer that cannot work is the one that is marked ────────────

pipe(
  image,
  conv2d({ filters: 48, kernelSize: 3, padding: 'same' }),
  maxPool2d({ poolSize: 4 }),
  conv2d({ filters: 8, kernelSize: 9 }), // ✖ conv2d: a window of 9×9 does not fit into 7×7×48
  flatten(),
)
pipe(image, flatten(), conv2d({ filters: 16, kernelSize: 3 })) // ✖ conv2d: needs an image (height × width × channels), but gets 2352

// A fault that shows without an input.
sequence(
  conv2d({ filters: 64, kernelSize: 3 }),
  maxPool2d({ poolSize: 2 }),
  conv2d({ filters: 64, kernelSize: 3, groups: 3 }), // ✖ conv2d: 3 groups do not divide 64 filters
  flatten(),
)
sequence(
  conv2d({ filters: 64, kernelSize: 3 }),
  conv2d({ filters: 60, kernelSize: 3, groups: 3 }), // ✖ conv2d: 3 groups do not divide 64 channels
)

// A fault that shows with one.
const shrinking = sequence(conv2d({ filters: 64, kernelSize: 3 }), maxPool2d({ poolSize: 2 }), conv2d({ filters: 8, kernelSize: 15 }))
shrinking(image) // ✖ conv2d: a window of 15×15 does not fit into 13×13×64
pipe(
  image,
  shrinking, // ✖ conv2d: a window of 15×15 does not fit into 13×13×64
)

// ── branches ────────────────────────────────────────────────────────────────

const uneven = parallel([conv2d({ filters: 16, kernelSize: 1 }), conv2d({ filters: 16, kernelSize: 3 })], concat())
pipe(
  image,
  uneven, // ✖ concat: only the channels may differ, but 28×28×16 meets 26×26×16
)
parallel([
  conv2d({ filters: 16, kernelSize: 1 }),
  conv2d({ filters: 10, kernelSize: 1, groups: 4 }), // ✖ conv2d: 4 groups do not divide 10 filters
], concat())

pipe(image, residual(conv2d({ filters: 16, kernelSize: 3 }))) // ✖ residual: the branch gives 26×26×16, but the shortcut gives 28×28×3
pipe(image, residual(conv2d({ filters: 16, kernelSize: 3 }), conv2d({ filters: 16, kernelSize: 1 }))) // ✖ residual: the branch gives 26×26×16, but the shortcut gives 28×28×16
sequence(
  conv2d({ filters: 64, kernelSize: 3 }),
  residual(sequence(conv2d({ filters: 66, kernelSize: 1 }), conv2d({ filters: 9, kernelSize: 1, groups: 3 }))), // ✖ residual: the branch gives ?×?×9, but the shortcut gives ?×?×64
)
shared(conv2d({ filters: 8, kernelSize: 31 }))(image) // ✖ conv2d: a window of 31×31 does not fit into 28×28×3
named('stem', conv2d({ filters: 8, kernelSize: 31 }))(image) // ✖ conv2d: a window of 31×31 does not fit into 28×28×3

// ── graphs as layers ────────────────────────────────────────────────────────

const small = graph({ name: 'small', inputs: { image }, outputs: { y: flatten()(image) } })
small(input([28, 28, 1])) // ✖ graph: takes 28×28×3, but gets 28×28×1
pipe(
  vector,
  small, // ✖ graph: takes 28×28×3, but gets 16
)
const two = graph({ name: 'two', inputs: { image, vector }, outputs: { y: concat()([flatten()(image), vector]) } })
two({
  image,
  vector: input([17]), // ✖ graph: takes 16, but gets 17
})
two({ image }) // ✖ 'vector' is missing

// ── configs ─────────────────────────────────────────────────────────────────

conv2d({ filters: 16, kernelSize: 3, stride: 2 }) // ✖ Did you mean to write 'strides'?
conv2d({ filters: 16 }) // ✖ Property 'kernelSize' is missing
conv2d({ filters: 16, kernelSize: 3, padding: 'sme' }) // ✖ Type '"sme"' is not assignable to type
conv2d({ filters: 16, kernelSize: 3, activation: 'rellu' }) // ✖ Type '"rellu"' is not assignable to type
conv2d({ filters: '16', kernelSize: 3 }) // ✖ Type 'string' is not assignable to type 'number'
conv2d({ filters: 16, kernelSize: [3, 3, 3] }) // ✖ is not assignable to type
conv2d() // ✖ Expected 1 arguments, but got 0
dense({ unit: 10 }) // ✖ Did you mean to write 'units'?
maxPool2d({ size: 2 }) // ✖ 'size' does not exist in type
dropout({}) // ✖ Property 'rate' is missing
batchNorm({ momemtum: 0.9 }) // ✖ Did you mean to write 'momentum'?
zeroPad2d({ padding: 'same' }) // ✖ Type 'string' is not assignable to type

// ── not tensors, not layers ─────────────────────────────────────────────────

flatten()(5) // ✖ is not assignable to parameter of type
flatten()(flatten()) // ✖ is not assignable to parameter of type
sequence(conv2d) // ✖ is not assignable to
