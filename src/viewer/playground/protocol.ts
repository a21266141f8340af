// What the page and the worker of the playground say to each other.
import type { GraphDocument } from '../../graph/document.ts'
import type { SamplingPoints } from '../../runtime/sampling.ts'

/** Numbers over a plane, row by row. */
export interface Plane {
  readonly height: number
  readonly width: number
  readonly values: Float32Array
}

/** What the page wants to see of an image. */
export interface LookAt {
  /** The drawing: numbers from 0 (paper) to 1 (ink). */
  readonly drawing: Plane
  /** The layer whose feature maps are shown; `null` for the last one that has some. */
  readonly node: string | null
  /** The unit of that layer; `null` for the one in the middle. */
  readonly unit: readonly [y: number, x: number] | null
  /** The class of the activation map; `null` for the one that the model sees. */
  readonly class: number | null
}

/** What the model makes of an image. */
export interface Seen {
  /** What the model sees: the drawing in the form of the MNIST digits. */
  readonly image: Plane
  /** By class, adding up to 1. */
  readonly probabilities: Float32Array
  readonly node: string
  readonly unit: readonly [y: number, x: number]
  /** A plane for each channel of the layer's output. */
  readonly features: readonly Plane[]
  /** Which places speak for the class; `null` where no layer gives a map. */
  readonly activation: (Plane & { readonly class: number; readonly node: string }) | null
  /** How strongly each pixel moves the unit. */
  readonly field: Plane
  /** The pixels that can move the unit at all, in the image: [top, left, bottom, right], the last ones included; `null` for all. */
  readonly reach: readonly [number, number, number, number] | null
  /** Where the unit reads its input, if its taps move, in pixels of the image. */
  readonly sampling: Pick<SamplingPoints, 'points'> | null
}

export interface TrainingSettings {
  /** Times through the images, from the very start. */
  readonly epochs: number
  readonly batchSize: number
  /** Of Adam at first; it falls to zero along a cosine. */
  readonly learningRate: number
}

/** A moment of a training: means since the moment before, and how the held-out images fare. */
export interface Moment {
  readonly update: number
  readonly loss: number
  readonly accuracy: number
  readonly heldOutLoss: number
  readonly heldOutAccuracy: number
}

/** Where a training is. */
export interface Course {
  readonly running: boolean
  readonly epoch: number
  readonly epochs: number
  /** Updates made, and to make in all. */
  readonly updates: number
  readonly total: number
  readonly imagesPerSecond: number
  /** Can it be gone on with? */
  readonly resumable: boolean
  readonly moments: readonly Moment[]
}

/** Where a model comes from: an address, bytes of its files, or a graph that gets fresh weights. */
export type Source =
  | { readonly url: string }
  | { readonly files: Uint8Array | { readonly graph: string; readonly weights: Uint8Array } }
  | { readonly document: GraphDocument; readonly seed: number }

/** From the page. Each is answered under its number, or refused. */
export type Request =
  | { readonly do: 'open'; readonly source: Source }
  | { readonly do: 'look'; readonly at: LookAt }
  | { readonly do: 'train'; readonly settings: TrainingSettings; readonly fresh: boolean }
  | { readonly do: 'stop' }
  | { readonly do: 'save' }
  | { readonly do: 'example'; readonly index: number }

/** A layer that has feature maps. */
export interface Mapped {
  readonly id: string
  readonly kind: string
  readonly shape: readonly [height: number, width: number, channels: number]
  /** Do its taps move? */
  readonly moves: boolean
}

export interface Opened {
  readonly document: GraphDocument
  readonly weights: number
  readonly layers: readonly Mapped[]
}

/** What each request is answered with. */
export interface Answers {
  readonly open: Opened
  readonly look: Seen
  /** When the training ends, or is stopped. */
  readonly train: Course
  readonly stop: null
  readonly save: Uint8Array
  readonly example: Plane & { readonly label: number }
}

/** From the worker: an answer, a refusal in a sentence, or news of the training that is running. */
export type Message =
  | { readonly id: number; readonly answer: Answers[keyof Answers] }
  | { readonly id: number; readonly refused: string }
  | { readonly course: Course }
