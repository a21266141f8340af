// A picture made of pixels, with a pointer over it that mouse and arrow keys move.
import { useEffect, useRef } from 'preact/hooks'

export interface Place {
  readonly row: number
  readonly column: number
}

interface PixelsProps {
  readonly width: number
  readonly height: number
  /** Red, green, blue, opacity. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
  /** What it shows, for those who cannot see it. */
  readonly label: string
  /** Rectangles over it, in pixels of the picture. */
  readonly frames?: readonly { readonly row: number; readonly column: number; readonly rows: number; readonly columns: number }[]
  /** With it, the picture can be pointed into. */
  readonly onPlace?: (place: Place) => void
  readonly place?: Place | null
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

export function Pixels({ width, height, pixels, label, frames = [], onPlace, place = null }: PixelsProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0)
  }, [pixels, width, height])
  const within = (value: number, size: number): number => Math.min(Math.max(value, 0), size - 1)
  const point = (event: PointerEvent): void => {
    const { left, top, width: shownWidth, height: shownHeight } = (canvas.current as HTMLCanvasElement).getBoundingClientRect()
    onPlace?.({
      row: within(Math.floor(((event.clientY - top) / shownHeight) * height), height),
      column: within(Math.floor(((event.clientX - left) / shownWidth) * width), width),
    })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key]
    if (step === undefined || onPlace === undefined) return
    const from = place ?? { row: Math.floor(height / 2), column: Math.floor(width / 2) }
    onPlace({ row: within(from.row + step[0], height), column: within(from.column + step[1], width) })
    event.preventDefault()
    event.stopPropagation()
  }
  const pointed = onPlace === undefined ? {} : {
    tabindex: 0, role: 'group' as const, 'aria-label': `${label} Arrow keys move the place.`, onKeyDown,
    onPointerDown: (event: PointerEvent) => { (event.currentTarget as Element).setPointerCapture(event.pointerId); point(event) },
    onPointerMove: (event: PointerEvent) => { if (event.buttons > 0 || event.pointerType === 'mouse') point(event) },
  }
  return (
    <div class={onPlace === undefined ? 'pixels' : 'pixels pointed'} style={{ aspectRatio: `${width} / ${height}`, maxWidth: `${Math.round((340 * width) / Math.max(width, height))}px` }} {...pointed}>
      <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {frames.map(({ row, column, rows, columns }, index) => <rect key={index} class="frame-line" x={column} y={row} width={columns} height={rows} />)}
        {place === null ? null : <rect class="place-line" x={place.column} y={place.row} width={1} height={1} />}
      </svg>
    </div>
  )
}
