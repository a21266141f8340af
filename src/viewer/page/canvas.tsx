// The drawing: drag or scroll to move, wheel or pinch to zoom, arrow keys to walk from layer to layer.
import { type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals'
import { memo } from 'preact/compat'
import { useEffect, useRef } from 'preact/hooks'
import { ARROW, drawEdge, drawEdgesFar, drawFace, drawScope, drawShape } from '../../draw/graphDrawing.ts'
import type { Layout, Rect } from '../../draw/layout.ts'
import { STYLE } from '../../draw/svg.ts'
import { type Camera, moveBy, overlaps, partToDraw, reveal, showAll, type Size, startAt, zoomAt } from '../model/camera.ts'
import { type Direction, neighbour } from '../model/neighbours.ts'
import { downloadDrawing } from './files.tsx'
import { IconButton } from './icon.tsx'
import { followPointers } from './pointers.ts'
import type { Store } from './store.ts'

type Box = Layout['boxes'][number]

/** Below this scale letters cannot be read, and are left out. */
const LEGIBLE = 0.3

/** A box that stands for an input or an output of the graph has nothing more to say. */
const isEnd = ({ kind }: Pick<Box, 'kind'>): boolean => kind === 'end'

const spoken = ({ title, lines, findings }: Box): string =>
  [title, ...lines, ...(findings === 0 ? [] : [`${findings} ${findings === 1 ? 'finding' : 'findings'}`])].join(', ')

interface BoxProps {
  readonly box: Box
  readonly selected: boolean
  readonly focusable: boolean
  readonly far: boolean
}

const BoxMark = memo(({ box, selected, focusable, far }: BoxProps) => (
  <g
    class={selected ? 'box selected' : 'box'} data-id={box.id} data-kind={box.kind} role="button" aria-label={spoken(box)} aria-pressed={selected}
    tabindex={focusable ? 0 : -1}
  >
    {selected ? <rect class="halo" x={box.x - 4} y={box.y - 4} width={box.width + 8} height={box.height + 8} rx={8} /> : null}
    <g class="face" dangerouslySetInnerHTML={{ __html: far ? drawShape(box) : drawFace(box) }} />
  </g>
))

const Plain = memo(({ svg }: { readonly svg: string }) => <g aria-hidden="true" dangerouslySetInnerHTML={{ __html: svg }} />)

const around = (points: readonly { readonly x: number; readonly y: number }[]): Rect => {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x: x - 40, y: y - 10, width: Math.max(...xs) - x + 80, height: Math.max(...ys) - y + 20 }
}

interface PartsProps {
  readonly layout: Layout
  readonly part: Rect
  readonly selected: string | null
  /** Too far away for letters. */
  readonly far: boolean
}

/** What of the drawing is on the screen, or nearly so. */
const Parts = memo(({ layout, part, selected, far }: PartsProps) => {
  const first = layout.boxes.some(({ id }) => id === selected) ? selected : layout.boxes.find((box) => !isEnd(box))?.id
  const edges = layout.edges.filter(({ points }) => overlaps(around(points), part))
  return (
    <>
      {layout.scopes.filter((scope) => overlaps(scope, part)).map((scope) => <Plain key={`scope:${scope.path}`} svg={drawScope(scope)} />)}
      {far ? <Plain key="edges" svg={drawEdgesFar(edges)} /> : edges.map((edge) => <Plain key={`edge:${edge.from}>${edge.to}>${edge.label}`} svg={drawEdge(edge)} />)}
      {layout.boxes.filter((box) => overlaps(box, part) || box.id === first)
        .map((box) => <BoxMark key={box.id} box={box} selected={box.id === selected} focusable={box.id === first} far={far} />)}
    </>
  )
})

const DIRECTIONS: Readonly<Record<string, Direction>> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' }

/** The size of an element, as it changes. */
function useSize(element: { readonly current: Element | null }): Signal<Size> {
  const size = useSignal<Size>({ width: 0, height: 0 })
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) size.value = { width: entry.contentRect.width, height: entry.contentRect.height }
    })
    observer.observe(element.current as Element)
    return () => observer.disconnect()
  }, [])
  return size
}

export function Canvas({ store }: { readonly store: Store }) {
  const frame = useRef<HTMLDivElement>(null)
  const screen = useSize(frame)
  const camera = useSignal<Camera>({ x: 0, y: 0, scale: 1 })
  const part = useSignal<Rect | null>(null)
  const placed = useRef(-1)
  const revealed = useRef(0)
  const { layout } = store

  useSignalEffect(() => {
    const [drawing, { width, height }, opened] = [layout.value, screen.value, store.opened.value]
    if (drawing === null || width === 0 || placed.current === opened) return
    placed.current = opened
    camera.value = startAt(drawing, { width, height }, drawing.boxes[0])
  })
  useSignalEffect(() => {
    if (screen.value.width > 0) part.value = partToDraw(part.peek(), camera.value, screen.value)
  })
  useSignalEffect(() => {
    const [count, id, drawing] = [store.reveal.value, store.selectedBox.value, layout.value]
    if (count === revealed.current || drawing === null) return
    const target = drawing.boxes.find((box) => box.id === id) ?? drawing.scopes.find(({ path }) => path === id)
    if (target === undefined) return
    revealed.current = count
    camera.value = reveal(camera.peek(), target, screen.peek())
  })
  useEffect(() => followPointers(frame.current as HTMLElement, {
    move: (dx, dy) => { camera.value = moveBy(camera.value, dx, dy) },
    zoom: (factor, at) => { camera.value = zoomAt(camera.value, factor, at) },
    press: (target) => {
      const id = target.closest('[data-id]')?.getAttribute('data-id') ?? null
      if (id === null || !/^(in|out):/.test(id)) store.select(id)
    },
    pressTwice: (target) => {
      const box = target.closest('[data-kind="folded"]')
      if (box !== null) store.fold(box.getAttribute('data-id') as string, false)
    },
  }), [])

  const zoom = (factor: number): void => {
    const { width, height } = screen.value
    camera.value = zoomAt(camera.value, factor, { x: width / 2, y: height / 2 })
  }
  const fit = (): void => {
    if (layout.value !== null) camera.value = showAll(layout.value, screen.value)
  }
  const focusBox = (id: string): void => {
    const box = layout.value?.boxes.find((one) => one.id === id)
    if (box === undefined) return
    camera.value = reveal(camera.value, box, screen.value)
    if (!isEnd(box)) store.select(id)
    requestAnimationFrame(() => frame.current?.querySelector<SVGElement>(`[data-id="${CSS.escape(id)}"]`)?.focus())
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const id = (event.target as Element).closest('[data-id]')?.getAttribute('data-id') ?? store.selectedBox.value
    const direction = DIRECTIONS[event.key]
    if (direction !== undefined && layout.value !== null) {
      const next = neighbour(layout.value, id ?? '', direction)
      if (next !== null) focusBox(next)
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (id === null || !(event.target as Element).matches('[data-id]')) return
      const folded = layout.value?.boxes.find((box) => box.id === id)?.kind === 'folded'
      if (folded && store.selectedBox.value === id) store.fold(id, false)
      else store.select(id)
    } else if (event.key === '+' || event.key === '=') zoom(1.3)
    else if (event.key === '-') zoom(1 / 1.3)
    else if (event.key === '0') fit()
    else return
    event.preventDefault()
  }
  const transform = useComputed(() => `translate(${camera.value.x} ${camera.value.y}) scale(${camera.value.scale})`)
  const far = useComputed(() => camera.value.scale < LEGIBLE)
  const { name, nodes } = store.project.value.survey.graph
  return (
    <section class="canvas" aria-label="Graph" onKeyDown={onKeyDown}>
      <div class="frame" ref={frame}>
        <svg class={far.value ? 'drawing far' : 'drawing'} role="group" aria-label={`Graph of ${name}, ${nodes.length} layers. Arrow keys walk along it.`}>
          <style>{STYLE}</style>
          <g dangerouslySetInnerHTML={{ __html: ARROW }} />
          <g transform={transform}>
            {layout.value === null || part.value === null ? null
              : <Parts layout={layout.value} part={part.value} selected={store.selectedBox.value} far={far.value} />}
          </g>
        </svg>
      </div>
      {layout.value === null ? <p class="waiting">Laying out …</p> : null}
      <div class="zoom" role="toolbar" aria-label="Zoom">
        <IconButton name="plus" label="Zoom in" onClick={() => zoom(1.4)} />
        <IconButton name="minus" label="Zoom out" onClick={() => zoom(1 / 1.4)} />
        <IconButton name="fit" label="Show all" onClick={fit} />
        <IconButton name="save" label="Download the drawing" onClick={() => downloadDrawing(store)} />
      </div>
    </section>
  )
}
