// A drawing as a page of its own: drag to move, wheel or buttons to zoom. One file, nothing to load.
import { text } from './svg.ts'

const STYLE = `
html,body{margin:0;height:100%;background:#fff;color:#1f2933;font:14px system-ui,sans-serif}
@media(prefers-color-scheme:dark){html,body{background:#1a202c;color:#e4e7eb}}
header{position:fixed;inset:0 0 auto;display:flex;gap:.5rem;align-items:center;padding:.5rem 1rem;z-index:1}
header h1{font-size:1rem;margin:0 auto 0 0}
button{font:inherit;min-width:2.2em;padding:.2em .6em;cursor:pointer}
main{position:fixed;inset:0;overflow:hidden;cursor:grab;touch-action:none}
main svg{width:100%;height:100%}`

const SCRIPT = `
const svg = document.querySelector('main svg'), whole = svg.viewBox.baseVal
const start = [whole.x, whole.y, whole.width, whole.height]
let view = [...start]
const show = () => svg.setAttribute('viewBox', view.join(' '))
const scale = () => Math.min(svg.clientWidth / view[2], svg.clientHeight / view[3])
const zoom = (factor, x = svg.clientWidth / 2, y = svg.clientHeight / 2) => {
  const s = scale(), left = (svg.clientWidth - view[2] * s) / 2, top = (svg.clientHeight - view[3] * s) / 2
  const px = view[0] + (x - left) / s, py = view[1] + (y - top) / s
  view = [px - (px - view[0]) * factor, py - (py - view[1]) * factor, view[2] * factor, view[3] * factor]
  show()
}
svg.addEventListener('wheel', event => { event.preventDefault(); zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, event.clientX, event.clientY) }, { passive: false })
svg.addEventListener('pointerdown', down => {
  svg.setPointerCapture(down.pointerId)
  let [x, y] = [down.clientX, down.clientY]
  const move = event => { const s = scale(); view[0] -= (event.clientX - x) / s; view[1] -= (event.clientY - y) / s; [x, y] = [event.clientX, event.clientY]; show() }
  svg.addEventListener('pointermove', move)
  svg.addEventListener('pointerup', () => svg.removeEventListener('pointermove', move), { once: true })
})
document.querySelector('#in').onclick = () => zoom(1 / 1.4)
document.querySelector('#out').onclick = () => zoom(1.4)
document.querySelector('#fit').onclick = () => { view = [...start]; show() }
addEventListener('keydown', event => {
  const step = view[3] / 10
  const keys = { '+': () => zoom(1 / 1.4), '-': () => zoom(1.4), '0': () => { view = [...start]; show() },
    ArrowUp: () => { view[1] -= step; show() }, ArrowDown: () => { view[1] += step; show() },
    ArrowLeft: () => { view[0] -= step; show() }, ArrowRight: () => { view[0] += step; show() } }
  keys[event.key]?.()
})`

/** A page around a drawing. */
export function drawingPage(title: string, svg: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title><style>${STYLE}</style></head>
<body><header><h1>${text(title)}</h1>
<button id="in" aria-label="Zoom in">+</button><button id="out" aria-label="Zoom out">−</button><button id="fit" aria-label="Show all">Fit</button></header>
<main>${svg}</main><script>${SCRIPT}</script></body></html>
`
}
