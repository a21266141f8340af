// Planes of numbers as pictures, in the colours of the page.
import type { Plane, Seen } from '../../playground/protocol.ts'

const colourOf = (element: Element, name: string): string => getComputedStyle(element).getPropertyValue(name).trim()

/** The colour of ink, of what speaks for and of what speaks against. */
export const inkColour = (element: Element): string => colourOf(element, '--ink')
export const heatColour = (element: Element): string => colourOf(element, '--heat')
export const coldColour = (element: Element): string => colourOf(element, '--cold')

/** [red, green, blue] of "#rrggbb". */
const partsOf = (hex: string): readonly [number, number, number] => {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

export const largestOf = (values: ArrayLike<number>): number => {
  let most = 0
  for (let index = 0; index < values.length; index++) most = Math.max(most, Math.abs(values[index] as number))
  return most
}

export interface PaintOptions {
  /** Of the picture. */
  readonly size: number
  readonly colour: string
  /** Of negative numbers; without one they are not shown. */
  readonly negative?: string
  /** What is painted fully; default 1. */
  readonly most?: number
  /** How opaque that is; default 1. */
  readonly opacity?: number
  readonly smooth?: boolean
}

/** Paints each number as a pixel that is the more opaque the larger it is. */
export function paintPlane(
  context: CanvasRenderingContext2D, { height, width, values }: Plane,
  { size, colour, negative, most = 1, opacity = 1, smooth = false }: PaintOptions,
): void {
  const small = new OffscreenCanvas(width, height)
  const painter = small.getContext('2d') as OffscreenCanvasRenderingContext2D
  const image = painter.createImageData(width, height)
  const [positive, minus] = [partsOf(colour), negative === undefined ? null : partsOf(negative)]
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number
    const parts = value >= 0 ? positive : minus
    if (parts === null || most === 0) continue
    image.data.set([...parts, 255 * opacity * Math.min(Math.abs(value) / most, 1)], 4 * index)
  }
  painter.putImageData(image, 0, 0)
  context.imageSmoothingEnabled = smooth
  context.imageSmoothingQuality = 'high'
  context.drawImage(small, 0, 0, size, size)
}

/** Pixels of a picture for each of the image. */
const SCALE = 8

/** Where the middle of a pixel of the image is in the picture. */
const place = (at: number): number => (at + 0.5) * SCALE

/** The image, faint, as the ground of an overlay. */
export function paintImage(context: CanvasRenderingContext2D, image: Plane, opacity = 0.45): number {
  const size = image.width * SCALE
  context.canvas.width = size
  context.canvas.height = size
  paintPlane(context, image, { size, colour: inkColour(context.canvas), opacity })
  return size
}

/** A box around the pixels from the first to the last. */
export function paintReach(context: CanvasRenderingContext2D, [top, left, bottom, right]: NonNullable<Seen['reach']>): void {
  context.strokeStyle = inkColour(context.canvas)
  context.lineWidth = 1.5
  context.setLineDash([5, 4])
  context.strokeRect(left * SCALE + 1, top * SCALE + 1, (right - left + 1) * SCALE - 2, (bottom - top + 1) * SCALE - 2)
  context.setLineDash([])
}

/** Taps where they read, with lines from where they would be at rest; the surer, the larger. */
export function paintTaps(context: CanvasRenderingContext2D, { points }: NonNullable<Seen['sampling']>): void {
  const [rest, moved] = [inkColour(context.canvas), heatColour(context.canvas)]
  context.lineWidth = 1
  for (const point of points) {
    context.strokeStyle = rest
    context.globalAlpha = 0.6
    context.strokeRect(place(point.rest.x) - 2, place(point.rest.y) - 2, 4, 4)
    context.beginPath()
    context.moveTo(place(point.rest.x), place(point.rest.y))
    context.lineTo(place(point.x), place(point.y))
    context.stroke()
    context.globalAlpha = 1
    context.fillStyle = moved
    context.beginPath()
    context.arc(place(point.x), place(point.y), 2.5 + 3.5 * point.factor, 0, 2 * Math.PI)
    context.fill()
  }
}
