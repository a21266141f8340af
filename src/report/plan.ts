// The plan of a run: for a person, and for programs.
import colors from 'picocolors'
import type { MemoryPlan, Placed, PlacedStep } from '../analysis/buffers.ts'
import { showDims } from '../spec/tensor.ts'
import { numbersOnLines } from './json.ts'
import { showBytes } from './numbers.ts'
import type { Rows } from './rows.ts'
import { fit, layOut, type TextOptions } from './text.ts'

const showBuffers = (tensors: readonly Placed[]): string => tensors.map(({ buffer }) => buffer ?? '?').join(', ')
const bytesOf = (tensors: readonly Placed[]): number | null =>
  tensors.reduce<number | null>((sum, { bytes }) => (sum === null || bytes === null ? null : sum + bytes), 0)

const HEAD = ['#', 'layer', 'in one go', 'in', 'out', 'output', 'size', 'held']
const NUMERIC = [true, false, false, true, true, true, true, true]

/** What is held on the way back, where there is one. */
const cellsBackOf = ({ heldBack }: PlacedStep): string => (heldBack === null ? '–' : showBytes(heldBack))

function cellsOf({ step, inputs, outputs, view, held }: PlacedStep, index: number): string[] {
  const kinds = [step.node, ...step.followers.map(({ node }) => node)].map(({ kind }) => kind)
  return [
    String(index + 1), step.node.id, kinds.join(' + '), showBuffers(inputs), showBuffers(outputs),
    outputs.map(({ shape }) => showDims(shape)).join(', '), view ? 'view' : showBytes(bytesOf(outputs)), showBytes(held),
  ]
}

function totalsOf({ batch, training, steps, buffers, peak, weights }: MemoryPlan): readonly (readonly [string, string])[] {
  const layers = steps.reduce((sum, { step }) => sum + 1 + step.followers.length, 0)
  return [
    ['steps', `${steps.length} for ${layers} layers`],
    [training ? 'most held, at most' : 'most held', `${showBytes(peak)} for a batch of ${batch}`],
    ['buffers', `${buffers.length}, together ${showBytes(peak === null ? null : buffers.reduce((sum, size) => sum + size, 0))}`],
    ['weights', showBytes(weights)],
  ]
}

/** A table of steps with their buffers, then totals. */
export function planText(plan: MemoryPlan, { width = 100, color = false }: TextOptions = {}): string {
  const { bold, dim } = colors.createColors(color)
  const forward: Rows = { head: HEAD, numeric: NUMERIC, body: plan.steps.map(cellsOf) }
  const rows: Rows = !plan.training ? forward : {
    head: [...HEAD, 'back'], numeric: [...NUMERIC, true],
    body: forward.body.map((cells, index) => [...cells, cellsBackOf(plan.steps[index] as PlacedStep)]),
  }
  const totals = totalsOf(plan)
  const names = Math.max(...totals.map(([name]) => name.length))
  return [
    `${bold(plan.name)}  ${plan.training ? 'training step' : 'inference'}`,
    layOut(fit(rows, width), dim),
    `${totals.map(([name, value]) => `${dim(name.padEnd(names))}  ${value}`).join('\n')}\n`,
  ].join('\n\n')
}

/** The plan as JSON: buffers by number from 1, bytes for the whole batch, `null` for what is not known. */
export function planJson({ steps, ...plan }: MemoryPlan): string {
  return numbersOnLines({
    ...plan,
    steps: steps.map(({ step, inputs, outputs, view, held, heldBack }) => ({
      id: step.node.id, kind: step.node.kind,
      fused: step.followers.map(({ node, following }) => ({ id: node.id, kind: node.kind, does: following.does })),
      inputs, outputs, view, release: step.release, held, ...(plan.training ? { heldBack } : {}),
    })),
  })
}
