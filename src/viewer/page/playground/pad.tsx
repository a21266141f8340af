// Where a digit is drawn: with a mouse, a finger or a pen.
import { useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { Plane } from '../../playground/protocol.ts'
import type { Playground } from './client.ts'
import { inkColour, paintPlane } from './paint.ts'

/** Pixels along a side, and of a stroke. */
export const PAD = 112
const STROKE = 9

type Point = readonly [x: number, y: number]

/** The ink on a canvas is what is not transparent. */
function inkOf(context: CanvasRenderingContext2D): Plane {
  const { data } = context.getImageData(0, 0, PAD, PAD)
  return { height: PAD, width: PAD, values: Float32Array.from({ length: PAD * PAD }, (_, index) => (data[4 * index + 3] as number) / 255) }
}

function stroke(context: CanvasRenderingContext2D, points: readonly Point[]): void {
  Object.assign(context, { lineWidth: STROKE, lineCap: 'round', lineJoin: 'round', strokeStyle: inkColour(context.canvas) })
  context.beginPath()
  for (const [index, [x, y]] of points.entries()) if (index === 0) context.moveTo(x, y); else context.lineTo(x, y)
  // A point alone is a dot.
  if (points.length === 1) context.lineTo(...(points[0] as [number, number]))
  context.stroke()
}

/** A two, so that there is something to see at once. */
export function firstDrawing(): Plane {
  const canvas = new OffscreenCanvas(PAD, PAD)
  const context = canvas.getContext('2d') as unknown as CanvasRenderingContext2D
  Object.assign(context, { lineWidth: STROKE, lineCap: 'round', lineJoin: 'round' })
  context.stroke(new Path2D('M34 42C36 24 62 18 72 32C82 50 52 68 36 90C50 84 66 92 82 86'))
  return inkOf(context)
}

const blank = (): Plane => ({ height: PAD, width: PAD, values: new Float32Array(PAD * PAD) })

export function Pad({ play }: { readonly play: Playground }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const last = useRef<Point | null>(null)
  const own = useRef<Plane | null>(null)
  const context = (): CanvasRenderingContext2D => canvas.current?.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
  // Drawings that did not come from this canvas are painted onto it.
  useSignalEffect(() => {
    const { plane } = play.drawn.value
    if (plane === own.current || canvas.current === null) return
    context().clearRect(0, 0, PAD, PAD)
    paintPlane(context(), plane, { size: PAD, colour: inkColour(canvas.current), smooth: true })
  })
  const placeOf = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = (canvas.current as HTMLCanvasElement).getBoundingClientRect()
    return [((clientX - left) / width) * PAD, ((clientY - top) / height) * PAD]
  }
  const publish = (): void => {
    own.current = inkOf(context())
    play.drawn.value = { plane: own.current, given: false }
  }
  const begin = (event: PointerEvent): void => {
    event.preventDefault()
    canvas.current?.setPointerCapture(event.pointerId)
    if (play.drawn.value.given) context().clearRect(0, 0, PAD, PAD)
    last.current = placeOf(event)
    stroke(context(), [last.current])
    publish()
  }
  const move = (event: PointerEvent): void => {
    if (last.current === null) return
    const points = (event.getCoalescedEvents?.() ?? [event]).map(placeOf)
    if (points.length === 0) points.push(placeOf(event))
    stroke(context(), [last.current, ...points])
    last.current = points.at(-1) as Point
    publish()
  }
  const end = (): void => { last.current = null }
  return (
    <div class="pad">
      <canvas ref={canvas} width={PAD} height={PAD} role="img" aria-label="The drawing" data-testid="pad"
        onPointerDown={begin} onPointerMove={move} onPointerUp={end} onPointerCancel={end} />
      <p class="soft hint" aria-hidden="true">{play.drawn.value.given ? 'Draw a digit here' : '\u00a0'}</p>
      <div class="row">
        <button type="button" class="action" onClick={() => { own.current = null; play.drawn.value = { plane: blank(), given: false } }}>Clear</button>
        <button type="button" class="action" onClick={() => void play.example(Math.floor(Math.random() * 1000))}>A digit of MNIST</button>
      </div>
    </div>
  )
}
