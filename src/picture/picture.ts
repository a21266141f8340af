// A picture as numbers.

/** Numbers from 0 (black) to 1 (white), row by row, `channels` (1 gray or 3 colours) to a pixel. */
export interface Picture {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly data: Float32Array
}

const REC_601 = [0.299, 0.587, 0.114] as const

/** The brightness of each pixel as the eye sees it (ITU-R BT.601). */
export function toGray({ height, width, channels, data }: Picture): Picture {
  if (channels === 1) return { height, width, channels, data }
  const [r, g, b] = REC_601
  const gray = new Float32Array(height * width)
  for (let i = 0; i < gray.length; i++) {
    gray[i] = r * (data[3 * i] as number) + g * (data[3 * i + 1] as number) + b * (data[3 * i + 2] as number)
  }
  return { height, width, channels: 1, data: gray }
}
