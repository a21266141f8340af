// What the page does without a screen.
import { describe, expect, test } from 'vitest'
import { mnistNet } from '../../graphs/index.ts'
import { layers } from '../../layers/index.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import { layOut } from '../../src/draw/layout.ts'
import { outline } from '../../src/draw/outline.ts'
import { printDocument } from '../../src/graph/document.ts'
import { moveBy, partToDraw, reveal, showAll, startAt, visible, zoomAt } from '../../src/viewer/model/camera.ts'
import { amend, begin, change, redo, undo } from '../../src/viewer/model/history.ts'
import { neighbour } from '../../src/viewer/model/neighbours.ts'
import { projectOf } from '../../src/viewer/model/project.ts'
import { search } from '../../src/viewer/model/search.ts'

const document = printDocument(mnistNet({}))

describe('history', () => {
  test('goes back and forth, and forgets what was taken back when something new comes', () => {
    const three = change(change(begin(1), 2), 3)
    expect(undo(three)).toEqual({ past: [1], present: 2, future: [3] })
    expect(redo(undo(three))).toEqual(three)
    expect(change(undo(three), 9)).toEqual({ past: [1, 2], present: 9, future: [] })
    expect(amend(three, 4)).toEqual({ past: [1, 2], present: 4, future: [] })
  })

  test('has a beginning and an end', () => {
    expect(undo(begin(1))).toEqual(begin(1))
    expect(redo(begin(1))).toEqual(begin(1))
  })
})

describe('a project', () => {
  test('of a sound document holds its graph, analysis and findings', () => {
    const project = projectOf(document, layers)
    expect(project.sound).toBe(true)
    expect(project.analysis.totals).toEqual(analyze(mnistNet({})).totals)
    expect(project.nodes.size).toBe(document.nodes.length)
  })

  test('of a broken document keeps every node, and says what is wrong where', () => {
    const broken = { ...document, nodes: document.nodes.map((node) => (node.id === 'maxPool2d' ? { ...node, config: { ...node.config, poolSize: [99, 99] } } : node)) }
    const { sound, survey, findings, nodes } = projectOf(broken, layers)
    expect(sound).toBe(false)
    expect(findings).toMatchObject([{ at: 'maxPool2d', code: 'shape/window-too-large' }])
    expect(survey.graph.nodes.map(({ id }) => id)).toEqual(['conv2d'])
    expect(nodes.size).toBe(document.nodes.length)
    expect(survey.unfitOutputs).toEqual([{ name: 'logits', from: { id: 'dense_1', output: 0 } }])
  })

  test('of layers that nobody knows keeps them, and of ids given twice the first', () => {
    const [first, ...rest] = document.nodes as [typeof document.nodes[number], ...typeof document.nodes]
    const strange = projectOf({ ...document, nodes: [{ ...first, kind: 'whatIsThis' }, ...rest] }, layers)
    expect(strange.findings.map(({ code }) => code)).toEqual(['graph/unknown-kind'])
    expect(strange.nodes.get('conv2d')).toMatchObject({ definition: null })
    const twice = projectOf({ ...document, nodes: [first, { ...first, kind: 'relu', config: {} }, ...rest] }, layers)
    expect(twice.findings.map(({ code }) => code)).toEqual(['graph/duplicate-id'])
    expect(twice.nodes.get('conv2d')?.kind).toBe('conv2d')
  })

  test('with faults is drawn whole', () => {
    const broken = { ...document, nodes: document.nodes.map((node) => (node.id === 'maxPool2d' ? { ...node, from: ['nowhere'] } : node)) }
    const { survey, analysis, findings } = projectOf(broken, layers)
    const { boxes } = outline(survey.graph, analysis, { beside: survey, findings })
    expect(boxes.map(({ id }) => id).sort()).toEqual(['in:image', 'out:logits', ...document.nodes.map(({ id }) => id)].sort())
    expect(boxes.find(({ id }) => id === 'maxPool2d')).toMatchObject({ kind: 'unfit', findings: 1, lines: ['poolSize 2', 'does not fit'] })
    expect(boxes.find(({ id }) => id === 'dense')).toMatchObject({ kind: 'unfit', findings: 0 })
  })
})

describe('scopes', () => {
  const ids = (options: Parameters<typeof outline>[2]) => outline(mnistNet({}), analyze(mnistNet({})), options).boxes.map(({ id }) => id)

  test('can be folded and shown one by one', () => {
    expect(ids({ closed: new Set(['inception/branch3x3']) })).toContain('inception/branch3x3')
    expect(ids({ depth: 1 })).toContain('inception')
    const opened = ids({ depth: 1, open: new Set(['inception']) })
    expect(opened).toContain('inception/branch3x3')
    expect(opened).toContain('inception/concat')
    expect(opened).not.toContain('inception')
  })
})

describe('search', () => {
  const nodes = ['stem/conv2d', 'stage1/relu', 'stage1/conv2d', 'head/dense'].map((id) => ({ id, kind: id.split('/')[1] as string }))

  test('finds every word, names before kinds', () => {
    expect(search(nodes, 'conv').map(({ id }) => id)).toEqual(['stem/conv2d', 'stage1/conv2d'])
    expect(search(nodes, ' stage1  CONV ').map(({ id }) => id)).toEqual(['stage1/conv2d'])
    expect(search([{ id: 'c1', kind: 'dense' }, ...nodes], 'dense').map(({ id }) => id)).toEqual(['head/dense', 'c1'])
    expect(search(nodes, 'nothing')).toEqual([])
    expect(search(nodes, ' ')).toBe(nodes)
  })
})

describe('the camera', () => {
  const screen = { width: 800, height: 600 }

  test('shows a drawing whole, and a very long one from its top at a scale that can be read', () => {
    const whole = showAll({ width: 1600, height: 1000 }, screen)
    const seen = visible(whole, screen)
    expect(seen.x).toBeLessThan(0)
    expect(seen.x + seen.width).toBeGreaterThan(1600)
    expect(seen.y + seen.height).toBeGreaterThan(1000)
    expect(startAt({ width: 1000, height: 800 }, screen, undefined)).toEqual(showAll({ width: 1000, height: 800 }, screen))
    expect(startAt({ width: 400, height: 30_000 }, screen, undefined)).toMatchObject({ y: 24, scale: 0.55 })
    const wide = startAt({ width: 4000, height: 3000 }, screen, { x: 900, y: 0, width: 200, height: 40 })
    expect(1000 * wide.scale + wide.x).toBeCloseTo(400)
    expect(startAt({ width: 4000, height: 3000 }, screen, { x: 0, y: 0, width: 50, height: 40 }).x).toBe(24)
    expect(visible(startAt({ width: 4000, height: 3000 }, screen, { x: 3990, y: 0, width: 10, height: 40 }), screen)).toMatchObject({ x: expect.closeTo(4000 - 800 / 0.55 + 24 / 0.55, 3) })
    const long = visible(showAll({ width: 400, height: 20_000 }, screen), screen)
    expect(long.y + long.height).toBeGreaterThan(20_000)
  })

  test('zooms about a point, which stays where it is', () => {
    const before = { x: 10, y: -30, scale: 0.5 }
    const after = zoomAt(before, 2, { x: 200, y: 100 })
    expect(after.scale).toBe(1)
    expect((200 - after.x) / after.scale).toBeCloseTo((200 - before.x) / before.scale)
    expect(zoomAt(before, 1e9, { x: 0, y: 0 }).scale).toBe(4)
    expect(zoomAt(before, 1e-9, { x: 0, y: 0 }).scale).toBe(0.02)
  })

  test('moves only for what is not on the screen', () => {
    const camera = { x: 0, y: 0, scale: 1 }
    expect(reveal(camera, { x: 100, y: 100, width: 50, height: 20 }, screen)).toBe(camera)
    expect(reveal(camera, { x: 5000, y: 100, width: 50, height: 20 }, screen)).toEqual({ x: 400 - 5025, y: 300 - 110, scale: 1 })
  })

  test('draws another part only when it leaves that of before', () => {
    const camera = { x: 0, y: 0, scale: 1 }
    const part = partToDraw(null, camera, screen)
    expect(partToDraw(part, moveBy(camera, 300, -200), screen)).toBe(part)
    expect(partToDraw(part, moveBy(camera, 900, 0), screen)).not.toBe(part)
    expect(partToDraw(part, zoomAt(camera, 4, { x: 0, y: 0 }), screen)).not.toBe(part)
  })
})

describe('arrow keys', () => {
  const layout = layOut(outline(mnistNet({}), analyze(mnistNet({}))))

  test('lead along edges and from branch to branch', () => {
    expect(neighbour(layout, 'conv2d', 'down')).toBe('maxPool2d')
    expect(neighbour(layout, 'maxPool2d', 'up')).toBe('conv2d')
    expect(neighbour(layout, 'in:image', 'up')).toBeNull()
    const right = neighbour(layout, 'inception/branch5x5/conv2d', 'right') as string
    expect(right).toMatch(/^inception\//)
    expect(neighbour(layout, right, 'left')).toBe('inception/branch5x5/conv2d')
  })
})
