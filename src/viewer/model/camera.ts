// Where the drawing is on the screen: screen = drawing · scale + offset, in CSS pixels.
import type { Rect } from '../../draw/layout.ts'

export interface Camera {
  readonly x: number
  readonly y: number
  readonly scale: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

const SMALLEST = 0.02
const LARGEST = 4
/** A drawing shown whole is not blown up. */
const NATURAL = 1.1
/** Smaller letters are guessed, not read. */
const READABLE = 0.55
/** Still read by who looks closely: a drawing that is shown whole at this scale stays so. */
const SMALL = 0.5
const MARGIN = 24

/** In the middle from left to right; a drawing that is higher than the screen starts at its top. */
function centred(drawing: Size, screen: Size, scale: number): Camera {
  const room = screen.height - drawing.height * scale
  return { x: (screen.width - drawing.width * scale) / 2, y: room > 0 ? room / 2 : MARGIN, scale }
}

const wholeScale = (drawing: Size, screen: Size): number =>
  Math.min((screen.width - 2 * MARGIN) / drawing.width, (screen.height - 2 * MARGIN) / drawing.height, NATURAL)

/** The whole drawing, however small that makes it. */
export const showAll = (drawing: Size, screen: Size): Camera => centred(drawing, screen, Math.max(wholeScale(drawing, screen), SMALLEST))

/**
 * What is shown first: the whole drawing, or its beginning at a scale that can be read. Of a drawing that is wider than
 * the screen, `first` is in the middle, as far as the drawing goes to both sides.
 */
export function startAt(drawing: Size, screen: Size, first: Rect | undefined): Camera {
  const scale = Math.max(wholeScale(drawing, screen), READABLE)
  const camera = centred(drawing, screen, scale)
  const over = drawing.width * scale - screen.width + 2 * MARGIN
  if (first === undefined || over <= 0) return camera
  const x = screen.width / 2 - (first.x + first.width / 2) * scale
  return { ...camera, x: Math.min(Math.max(x, MARGIN - over), MARGIN) }
}

/** Zoomed about a point of the screen, within bounds. */
export function zoomAt({ x, y, scale }: Camera, factor: number, at: { readonly x: number; readonly y: number }): Camera {
  const next = Math.min(Math.max(scale * factor, SMALLEST), LARGEST)
  const by = next / scale
  return { scale: next, x: at.x - (at.x - x) * by, y: at.y - (at.y - y) * by }
}

export const moveBy = ({ x, y, scale }: Camera, dx: number, dy: number): Camera => ({ x: x + dx, y: y + dy, scale })

/** The part of the drawing that is on the screen. */
export const visible = ({ x, y, scale }: Camera, { width, height }: Size): Rect =>
  ({ x: -x / scale, y: -y / scale, width: width / scale, height: height / scale })

export const overlaps = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const holds = (outer: Rect, inner: Rect): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height

/** The rectangle with so much of its own size added on every side. */
export const widened = ({ x, y, width, height }: Rect, by: number): Rect =>
  ({ x: x - width * by, y: y - height * by, width: width * (1 + 2 * by), height: height * (1 + 2 * by) })

/** The part to draw: that of before as long as it covers the screen and is not far more than that. */
export function partToDraw(before: Rect | null, camera: Camera, screen: Size): Rect {
  const seen = visible(camera, screen)
  const isEnough = before !== null && holds(before, seen) && before.width < seen.width * 6
  return isEnough ? before : widened(seen, 0.75)
}

/** Moved so that a rectangle can be seen: not at all where it is on the screen already, else to its middle. */
export function reveal(camera: Camera, rect: Rect, screen: Size): Camera {
  const scale = camera.scale < SMALL ? READABLE : camera.scale
  const inner = widened(visible(camera, screen), -0.05)
  if (scale === camera.scale && holds(inner, rect)) return camera
  return { scale, x: screen.width / 2 - (rect.x + rect.width / 2) * scale, y: screen.height / 2 - (rect.y + rect.height / 2) * scale }
}
