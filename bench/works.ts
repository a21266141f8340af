// What is measured, and what is to be reached.
import type { Contestant } from './contestant.ts'
import {
  command, jax, layergraphBy, onnxruntime, pytorch, pytorchKeeping, registers, tfjsLayersCpu, tfjsLayersWasm, torchinfo,
} from './contestants.ts'

/** One of ours beside one of theirs. */
export interface Peer {
  readonly contestant: Contestant
  /** Our time by theirs should be no more than this. */
  readonly target: number
  /** Ours, where it is not the work itself: another program that runs on our kernels. */
  readonly ours?: Contestant
}

/** The same arithmetic by several programs. */
export interface Work {
  /** What the contestants know it by. */
  readonly name: string
  readonly title: string
  readonly peers: readonly Peer[]
}

/** PyTorch as installed, and at its best. */
const beside = (target: number): readonly Peer[] => [{ contestant: pytorch(1), target }, { contestant: pytorchKeeping(1), target }]

/** The works, peers looked for when they are asked for. */
export const works = (): readonly Work[] => [
  {
    name: 'lenet-train', title: 'LeNet class, training step, batch 128',
    peers: [
      ...beside(0.75),
      { contestant: jax, target: 0.01 },
      { contestant: tfjsLayersCpu, target: 0.001 },
      ...beside(1.5).map((peer) => ({ ...peer, ours: tfjsLayersWasm })),
    ],
  },
  {
    name: 'lenet-512-images', title: 'LeNet class, training on 512 images',
    peers: [{ ours: layergraphBy(512), contestant: layergraphBy(16), target: 1.1 }],
  },
  { name: 'mnist', title: 'LeNet class, MNIST to 99.0 %', peers: beside(0.8) },
  { name: 'lenet-predict-1', title: 'LeNet class, inference, batch 1', peers: [{ contestant: onnxruntime(), target: 0.6 }] },
  { name: 'lenet-predict-128', title: 'LeNet class, inference, batch 128', peers: [{ contestant: onnxruntime(), target: 0.45 }] },
  { name: 'resnet50-predict', title: 'ResNet-50, inference, 1×224×224×3', peers: [{ contestant: onnxruntime(), target: 1 }] },
  { name: 'mobilenet-predict', title: 'MobileNet v1, inference, 1×224×224×3', peers: [{ contestant: onnxruntime(), target: 1 }] },
  { name: 'googlenet-predict', title: 'GoogLeNet, inference, 1×224×224×3', peers: [{ contestant: onnxruntime(), target: 1 }] },
  {
    name: 'separable-train', title: 'two depthwise-separable blocks, training step, 32×28×28×64',
    peers: beside(0.5),
  },
  {
    name: 'resnet18-train', title: 'ResNet-18, training step, 16×64×64×3', peers: beside(1.3),
  },
  {
    name: 'mobilenet-train', title: 'MobileNet v1, training step, 16×64×64×3', peers: beside(1.3),
  },
  {
    name: 'deform-forward', title: 'deformable convolution, 8×28×28×32, 64 filters 3×3, forward',
    peers: beside(0.35),
  },
  {
    name: 'deform-backward', title: 'the same, all gradients', peers: beside(0.12),
  },
  {
    name: 'summary-resnet50', title: 'npx layergraph summary resnet50, start to exit, beside a call of torchinfo',
    peers: [{ ours: command, contestant: torchinfo(), target: 8 }],
  },
  { name: 'product-1024', title: 'product 1024×1024×1024', peers: [{ contestant: registers, target: 1 / 0.75 }] },
]
