import { VECTOR, clearFloats, copyFloats, floats } from './lanes'

/**
 * A square of pixels that moves over images: the pixels that one tile of a convolution reads or writes. It may stick
 * out of its image; then the pixels go through a patch, a copy of the whole square.
 */
@unmanaged
export class Square {
  /** Images [batch, height, width, channels]. */
  images: usize
  height: i32
  width: i32
  channels: i32
  /** Pixels in one direction. */
  size: i32
  /** Rows and columns of padding before the first square. */
  top: i32
  left: i32
  /** The place: the number and the address of an image, and a row and a column in it. */
  number: i32
  image: usize
  row: i32
  column: i32
}

export const SQUARE_BYTES: usize = 64

/** Fills the record at `address`; the square is nowhere yet. */
export function describeSquare(
  address: usize,
  images: usize,
  height: i32,
  width: i32,
  channels: i32,
  size: i32,
  top: i32,
  left: i32,
): Square {
  const s = changetype<Square>(address)
  s.images = images
  s.height = height
  s.width = width
  s.channels = channels
  s.size = size
  s.top = top
  s.left = left
  return s
}

/** Moves the square to a row and a column of the padded image number `image`. */
export function moveSquare(s: Square, image: i32, row: i32, column: i32): void {
  s.number = image
  s.image = s.images + <usize>image * floats(s.height * s.width * s.channels)
  s.row = row - s.top
  s.column = column - s.left
}

/** Does the whole square lie in its image? */
export function isInside(s: Square): bool {
  return s.row >= 0 && s.column >= 0 && s.row + s.size <= s.height && s.column + s.size <= s.width
}

/** The address of a pixel of the square. */
export function pixelAt(s: Square, row: i32, column: i32): usize {
  return s.image + floats(((s.row + row) * s.width + s.column + column) * s.channels)
}

/** Rows and columns of the square that lie in the image: from the first up to, but not including, the last. */
function firstInside(start: i32, size: i32): i32 {
  return min(size, max(0, -start))
}

function lastInside(start: i32, size: i32, extent: i32): i32 {
  return max(firstInside(start, size), min(size, extent - start))
}

/** Copies the square into the patch, with zeros for pixels outside the image. */
export function readSquare(s: Square, patch: usize): void {
  const line = floats(s.size * s.channels)
  const from = firstInside(s.column, s.size)
  const to = lastInside(s.column, s.size, s.width)
  const lastRow = lastInside(s.row, s.size, s.height)
  clearFloats(patch, s.size * s.size * s.channels)
  for (let row = firstInside(s.row, s.size); row < lastRow; row++) {
    copyFloats(patch + <usize>row * line + floats(from * s.channels), pixelAt(s, row, from), (to - from) * s.channels)
  }
}

/** Copies the part of the patch that lies in the image to where it belongs. */
export function writeSquare(s: Square, patch: usize): void {
  const line = floats(s.size * s.channels)
  const from = firstInside(s.column, s.size)
  const to = lastInside(s.column, s.size, s.width)
  const lastRow = lastInside(s.row, s.size, s.height)
  for (let row = firstInside(s.row, s.size); row < lastRow; row++) {
    copyFloats(pixelAt(s, row, from), patch + <usize>row * line + floats(from * s.channels), (to - from) * s.channels)
  }
}

/** Adds the part of the patch that lies in the image. The channels are a multiple of four. */
export function addSquare(s: Square, patch: usize): void {
  const line = floats(s.size * s.channels)
  const from = firstInside(s.column, s.size)
  const to = lastInside(s.column, s.size, s.width)
  const lastRow = lastInside(s.row, s.size, s.height)
  for (let row = firstInside(s.row, s.size); row < lastRow; row++) {
    let target = pixelAt(s, row, from)
    let source = patch + <usize>row * line + floats(from * s.channels)
    const end = source + floats((to - from) * s.channels)
    while (source < end) {
      v128.store(target, f32x4.add(v128.load(target), v128.load(source)))
      target += VECTOR
      source += VECTOR
    }
  }
}
