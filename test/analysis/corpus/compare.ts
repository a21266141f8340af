// A random graph's last node against what PyTorch's gradients say of it.
import { expect } from 'vitest'
import { fieldsOf } from '../../../src/analysis/field.ts'
import { unitField } from '../../../src/analysis/unit.ts'
import { randomGraph, unitsOf } from './randomGraphs.ts'

/** The size of the map, and for each unit [first row, first column, last row, last column, pixels]; empty if it sees none. */
export type Extents = readonly [shape: readonly number[], units: readonly (readonly number[])[]]

/** Compares the pixels of units to the digit. Gives how many fields could be compared too: of units that see no edge. */
export function compareExtents(number: number, [shape, units]: Extents): number {
  const net = randomGraph(number)
  const { id, site } = net.nodes.at(-1) as (typeof net.nodes)[number]
  expect([number, site.outputs[0]?.slice(0, 2)]).toEqual([number, shape])
  const field = fieldsOf(net).byNode.get(id)?.get('image')
  // Where something enlarges the image units differ, and the field is that of the widest.
  const alike = !net.nodes.some(({ kind }) => ['conv2dTranspose', 'upsample2d'].includes(kind))
  let whole = 0
  for (const [index, at] of unitsOf(net).entries()) {
    const [view] = unitField(net, id, at).views
    const seen = view === undefined || view.seen === 0 ? [] : [...view.first, ...view.last, view.seen]
    expect([number, at, seen]).toEqual([number, at, units[index]])
    if (view === undefined || view.reach === null || field == null || field.size === 'all' || seen.length === 0) continue
    if (view.reach.first.join() !== view.first.join() || view.reach.last.join() !== view.last.join()) continue
    whole += 1
    for (const [axis, size] of field.size.entries()) {
      const [first, last] = [view.first[axis] as number, view.last[axis] as number]
      const [stride, padding] = [field.stride?.[axis] as number, field.padding?.[axis] as number]
      if (alike) expect([number, axis, first, last - first + 1]).toEqual([number, axis, (at[axis] as number) * stride - padding, size])
      else expect(last - first + 1).toBeLessThanOrEqual(size as number)
    }
  }
  return whole
}
