// Pixels of the pictures in the page, red, green, blue and opacity: counts as shades, and a field over an image.
import { largest, type Plane } from '../../report/heat.ts'
import type { Sample } from './sample.ts'

const LIGHT = [0xd6, 0xe6, 0xf4] as const
const DARK = [0x08, 0x30, 0x6b] as const

/** What is never used is white, the rest from light blue (few paths) to dark (most). */
export function shadesOf(plane: Plane): Uint8ClampedArray<ArrayBuffer> {
  const most = largest(plane.counts)
  const pixels = new Uint8ClampedArray(plane.height * plane.width * 4)
  for (let cell = 0; cell < plane.height * plane.width; cell++) {
    const count = plane.counts[cell] as number
    const share = count / most
    const colour = count === 0 ? [255, 255, 255] : LIGHT.map((light, index) => light + ((DARK[index] as number) - light) * share)
    pixels.set([...colour, 255], cell * 4)
  }
  return pixels
}

const TINT = [255, 140, 40] as const

/** The image, dark where the unit does not look, tinted where it does: the stronger, the more paths. */
export function fieldOver(image: Sample, plane: Plane): Uint8ClampedArray<ArrayBuffer> {
  const most = largest(plane.counts)
  const pixels = new Uint8ClampedArray(image.height * image.width * 4)
  for (let cell = 0; cell < image.height * image.width; cell++) {
    const count = plane.counts[cell] as number
    const share = count === 0 ? 0 : 0.18 + 0.5 * Math.sqrt(count / most)
    for (let c = 0; c < 3; c++) {
      const colour = image.data[cell * 3 + c] as number
      pixels[cell * 4 + c] = count === 0 ? colour * 0.42 : colour * (1 - share) + (TINT[c] as number) * share
    }
    pixels[cell * 4 + 3] = 255
  }
  return pixels
}
