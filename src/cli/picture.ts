// An image file as numbers.
import { readFile } from 'node:fs/promises'
import { convertIndexedToRgb, decode, type DecodedPng, hasPngSignature } from 'fast-png'
import type { Picture } from '../picture/picture.ts'
import { showPath } from './explain.ts'
import { UsageError } from './failure.ts'

/** Samples from 0 to 1 with their number per pixel, whatever the bit depth, and with or without a palette. */
function samplesOf(png: DecodedPng): { readonly samples: Float32Array; readonly perPixel: number } {
  const { width, height, depth } = png
  const whole = (values: ArrayLike<number>, largest: number): { samples: Float32Array; perPixel: number } =>
    ({ samples: Float32Array.from(values, (value) => value / largest), perPixel: values.length / (width * height) })
  if (png.palette !== undefined) return whole(convertIndexedToRgb(png), 255)
  if (depth >= 8) return whole(png.data, depth === 16 ? 65535 : 255)
  // Gray of less than 8 bits is packed like a palette's indices.
  const levels = 2 ** depth - 1
  return whole(convertIndexedToRgb({ ...png, palette: Array.from({ length: levels + 1 }, (_, value) => [value]) }), levels)
}

/** What is transparent shows white paper. */
function compose(samples: Float32Array, perPixel: number, { height, width }: DecodedPng): Picture {
  const channels = perPixel > 2 ? 3 : 1
  const hasAlpha = perPixel > channels
  const data = new Float32Array(height * width * channels)
  for (let i = 0; i < height * width; i++) {
    const alpha = hasAlpha ? samples[i * perPixel + channels] as number : 1
    for (let c = 0; c < channels; c++) data[i * channels + c] = 1 - alpha + alpha * (samples[i * perPixel + c] as number)
  }
  return { height, width, channels, data }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') throw new UsageError(`there is no file ${showPath(file)}`)
    if (code === 'EISDIR') throw new UsageError(`${showPath(file)} is a folder`, 'name images: folder/*.png')
    throw error
  }
}

/** Reads a PNG of any bit depth and colour type. @throws UsageError when there is none. */
export async function readPicture(file: string): Promise<Picture> {
  const bytes = await readBytes(file)
  if (!hasPngSignature(bytes)) throw new UsageError(`${showPath(file)} is no PNG image`, 'convert it to PNG')
  let png: DecodedPng
  try {
    png = decode(bytes, { checkCrc: true })
  } catch (error) {
    throw new UsageError(`${showPath(file)} is damaged: ${(error as Error).message}`, 'save the image again')
  }
  const { samples, perPixel } = samplesOf(png)
  return compose(samples, perPixel, png)
}
