// The pixels of the pictures in the page.
import { describe, expect, test } from 'vitest'
import { sampleImage } from '../../src/viewer/model/sample.ts'
import { fieldOver, shadesOf } from '../../src/viewer/model/shades.ts'

describe('the sample image', () => {
  test('of a small gray image is a digit: white strokes in the middle, black around', () => {
    const { data, width, height } = sampleImage(28, 28, 1)
    const at = (row: number, column: number): number => data[(row * width + column) * 3] as number
    expect(data).toHaveLength(width * height * 3)
    for (let place = 0; place < 28; place++) expect([at(0, place), at(27, place), at(place, 0), at(place, 27)]).toEqual([0, 0, 0, 0])
    const light = data.filter((value) => value > 200).length / data.length
    expect(light).toBeGreaterThan(0.05)
    expect(light).toBeLessThan(0.25)
  })

  test('is in colour for three channels and gray for one, at any size', () => {
    const colours = ({ data }: { readonly data: Uint8ClampedArray }): number =>
      data.reduce((count, value, index) => count + (index % 3 > 0 && value !== data[index - 1] ? 1 : 0), 0)
    expect(colours(sampleImage(90, 120, 3))).toBeGreaterThan(1000)
    expect(colours(sampleImage(90, 120, 1))).toBe(0)
    expect(sampleImage(1, 7, 3).data).toHaveLength(21)
    expect(sampleImage(32, 32, 3)).toEqual(sampleImage(32, 32, 3))
  })
})

describe('counts', () => {
  const plane = { height: 1, width: 3, counts: [0, 1, 4] }

  test('as shades: none white, most darkest', () => {
    const shades = shadesOf(plane)
    expect([...shades.slice(0, 4)]).toEqual([255, 255, 255, 255])
    expect([...shades.slice(8, 12)]).toEqual([0x08, 0x30, 0x6b, 255])
    expect(shades[4]).toBeGreaterThan(shades[8] as number)
  })

  test('over an image: dark where none, tinted by how many', () => {
    const gray = { height: 1, width: 3, data: new Uint8ClampedArray(9).fill(100) }
    const pixels = fieldOver(gray, plane)
    expect(pixels[0]).toBe(42)
    expect(pixels[4]).toBeGreaterThan(100)
    expect(pixels[8]).toBeGreaterThan(pixels[4] as number)
  })
})
