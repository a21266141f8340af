// Mouse, pen and fingers on a surface: dragging, pinching, the wheel, presses.

interface Point {
  readonly x: number
  readonly y: number
}

export interface Gestures {
  move(dx: number, dy: number): void
  /** Larger than 1 brings nearer; about a point from the surface's left and top. */
  zoom(factor: number, at: Point): void
  /** A press that was no drag. */
  press(target: Element): void
  pressTwice(target: Element): void
}

/** Movement, in pixels, that is still a press. */
const STILL = 4

const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

/** Listens until the function that it gives is called. */
export function followPointers(surface: HTMLElement, gestures: Gestures): () => void {
  const down = new Map<number, Point>()
  let pressed: { readonly target: Element; readonly at: Point } | null = null
  const placeOf = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = surface.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }
  const start = (event: PointerEvent): void => {
    if (event.button !== 0) return
    const at = placeOf(event)
    pressed = down.size === 0 ? { target: event.target as Element, at } : null
    down.set(event.pointerId, at)
  }
  const move = (event: PointerEvent): void => {
    const before = down.get(event.pointerId)
    if (before === undefined) return
    const now = placeOf(event)
    if (pressed !== null && distance(pressed.at, now) < STILL) return
    if (pressed !== null) surface.setPointerCapture(event.pointerId)
    pressed = null
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1]
    if (other === undefined) gestures.move(now.x - before.x, now.y - before.y)
    else {
      const [was, is] = [between(before, other), between(now, other)]
      gestures.move(is.x - was.x, is.y - was.y)
      gestures.zoom(distance(now, other) / Math.max(distance(before, other), 1), is)
    }
    down.set(event.pointerId, now)
  }
  const end = (event: PointerEvent): void => {
    if (!down.delete(event.pointerId)) return
    if (event.type === 'pointerup' && pressed !== null) gestures.press(pressed.target)
    pressed = null
  }
  const wheel = (event: WheelEvent): void => {
    event.preventDefault()
    // A trackpad scrolls in both directions and pinches with ctrl; a wheel has one direction, and zooms.
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
    if (!event.ctrlKey && (event.deltaX !== 0 || event.shiftKey)) gestures.move(-(event.deltaX || event.deltaY) * lines, event.shiftKey ? 0 : -event.deltaY * lines)
    else gestures.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0015)), placeOf(event))
  }
  const twice = (event: MouseEvent): void => gestures.pressTwice(event.target as Element)
  const ending = new AbortController()
  const { signal } = ending
  surface.addEventListener('pointerdown', start, { signal })
  surface.addEventListener('pointermove', move, { signal })
  surface.addEventListener('pointerup', end, { signal })
  surface.addEventListener('pointercancel', end, { signal })
  surface.addEventListener('wheel', wheel, { signal, passive: false })
  surface.addEventListener('dblclick', twice, { signal })
  return () => ending.abort()
}
