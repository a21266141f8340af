// Links that hold what is looked at.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resnet18 } from '../../graphs/index.ts'
import { printDocument } from '../../src/graph/document.ts'
import { documentText, withConfig, withShape } from '../../src/viewer/model/edit.ts'
import { readLink, writeLink } from '../../src/viewer/model/permalink.ts'

const document = printDocument(resnet18({}))
const nothing = { document: null, model: null, node: null, view: null, layers: [] }

describe('a link', () => {
  test('gives back the document and the node, in an eighth of the letters', async () => {
    const linked = { ...nothing, document, node: 'stage1/block1/conv2d' }
    const text = await writeLink(linked)
    expect(await readLink(`#${text}`)).toEqual(linked)
    expect(text.length).toBeLessThan(JSON.stringify(document).length / 8)
    expect(text).toMatch(/^[\w\-=&/.]+$/)
  })

  test('gives back any names', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ minLength: 1, unit: 'binary' }), fc.string({ minLength: 1, unit: 'binary' }), async (name, node) => {
      const linked = { ...nothing, document: { ...document, name, nodes: [] }, node }
      expect(await readLink(await writeLink(linked))).toEqual(linked)
    }), { numRuns: 50 })
  })

  test('names a built-in model', async () => {
    expect(await writeLink({ ...nothing, model: 'vgg16' })).toBe('m=vgg16')
    expect(await readLink('#m=vgg16')).toEqual({ ...nothing, model: 'vgg16' })
    expect(await readLink('')).toEqual(nothing)
  })

  test('names a view', async () => {
    expect(await writeLink({ ...nothing, view: 'playground' })).toBe('v=playground')
    expect(await readLink('#v=playground')).toEqual({ ...nothing, view: 'playground' })
  })

  test('that is damaged or holds no document is refused in words', async () => {
    const text = await writeLink({ ...nothing, document })
    await expect(readLink(text.slice(0, 60))).rejects.toThrow('the link is damaged')
    await expect(readLink('g=%%%')).rejects.toThrow('the link is damaged')
    const other = await writeLink({ ...nothing, document: { ...document, inputs: [] } })
    await expect(readLink(other)).rejects.toThrow('graph document')
  })
})

describe('changes to a document', () => {
  test('give another one and leave the first', () => {
    const before = documentText(document)
    const changed = withShape(withConfig(document, 'stem/conv2d', { filters: 8 }), 'image', [64, null, 3])
    expect(changed.nodes.find(({ id }) => id === 'stem/conv2d')?.config).toEqual({ filters: 8 })
    expect(changed.inputs).toEqual([{ id: 'image', shape: [64, null, 3] }])
    expect(documentText(document)).toBe(before)
  })
})
