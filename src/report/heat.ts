// Heat maps of counts over an image, as text and as SVG.

/** Counts over a plane, row by row. */
export interface Plane {
  readonly height: number
  readonly width: number
  readonly counts: ArrayLike<number>
}

/** Counts over a box placed in an image. */
interface Box {
  readonly start: readonly number[]
  readonly shape: readonly number[]
  readonly counts: ArrayLike<number>
}

/** A box of any rank as a plane: a line is one row, and of more axes the first ones are summed up. */
export function planeOf({ shape, counts }: Pick<Box, 'shape' | 'counts'>): Plane {
  const width = shape.at(-1) ?? 1
  const height = shape.length < 2 ? 1 : shape.at(-2) as number
  const sums = new Float64Array(height * width)
  for (let cell = 0; cell < counts.length; cell++) (sums[cell % sums.length] as number) += counts[cell] as number
  return { height, width, counts: sums }
}

/** The box in the plane of its whole image. */
export function inImage({ start, shape, counts }: Box, image: readonly number[]): Plane {
  const { height, width, counts: part } = planeOf({ shape, counts })
  const whole = { height: image.length < 2 ? 1 : image.at(-2) as number, width: image.at(-1) as number }
  const placed = new Float64Array(whole.height * whole.width)
  const [top, left] = [shape.length < 2 ? 0 : start.at(-2) as number, start.at(-1) as number]
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      placed[(row + top) * whole.width + column + left] = part[row * width + column] as number
    }
  }
  return { ...whole, counts: placed }
}

/** The plane in blocks of `size` × `size` pixels, each the mean of its pixels. */
function blocks({ height, width, counts }: Plane, size: number): Plane {
  if (size === 1) return { height, width, counts }
  const small = { height: Math.ceil(height / size), width: Math.ceil(width / size) }
  const sums = new Float64Array(small.height * small.width)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const block = Math.floor(row / size) * small.width + Math.floor(column / size)
      ;(sums[block] as number) += (counts[row * width + column] as number) / size ** 2
    }
  }
  return { ...small, counts: sums }
}

export const largest = (counts: ArrayLike<number>): number => {
  let most = 0
  for (let cell = 0; cell < counts.length; cell++) most = Math.max(most, counts[cell] as number)
  return most
}

const SHADES = '░▒▓█'

/** Where a count lies between none and the largest: 0 for none, else 1 to `steps`. */
const stepOf = (count: number, most: number, steps: number): number =>
  (count === 0 ? 0 : Math.max(Math.ceil((count / most) * steps), 1))

export interface HeatTextOptions {
  /** Characters per line, default 80. */
  readonly width?: number
}

/**
 * A character for each pixel, two side by side where they fit, from ░ (few paths) to █ (most); · is never used.
 * Large planes are drawn in blocks.
 */
export function heatText(plane: Plane, { width = 80 }: HeatTextOptions = {}): string {
  const size = Math.max(Math.ceil((plane.width * 2) / Math.max(width, 2)), 1)
  const { height, width: columns, counts } = blocks(plane, size)
  const most = largest(counts)
  const lines = Array.from({ length: height }, (_, row) => Array.from({ length: columns }, (_, column) => {
    const step = stepOf(counts[row * columns + column] as number, most, SHADES.length)
    return step === 0 ? '· ' : (SHADES[step - 1] as string).repeat(2)
  }).join('').trimEnd())
  return lines.join('\n')
}

/** Side of a drawn pixel; planes of more pixels than this along an axis are drawn in blocks. */
const SIDE = 12
const MOST_PIXELS = 128

/** White for none, then from light to dark blue. */
function colourOf(share: number): string {
  if (share === 0) return '#ffffff'
  const mix = (light: number, dark: number): string => Math.round(light + (dark - light) * share).toString(16).padStart(2, '0')
  return `#${mix(0xd6, 0x08)}${mix(0xe6, 0x30)}${mix(0xf4, 0x6b)}`
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The plane as a drawing: white pixels are never used, dark ones most often. */
export function heatSvg(plane: Plane, title: string): string {
  const size = Math.max(Math.ceil(Math.max(plane.width, plane.height) / MOST_PIXELS), 1)
  const { height, width, counts } = blocks(plane, size)
  const most = largest(counts)
  const cells = Array.from({ length: height * width }, (_, cell) => {
    const [x, y] = [(cell % width) * SIDE, Math.floor(cell / width) * SIDE]
    const count = counts[cell] as number
    return `<rect x="${x}" y="${y}" width="${SIDE}" height="${SIDE}" fill="${colourOf(most === 0 ? 0 : count / most)}"/>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 ${width * SIDE + 2} ${height * SIDE + 2}" role="img">`,
    `<title>${escape(title)}</title>`,
    '<g stroke="#c8c8c8" stroke-width="0.5">',
    ...cells,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}
