// Placing blocks in one stretch of memory, so that those needed at different times share it.

/** A block that is needed from one moment to another, both included. */
export type Span = {
  readonly bytes: number
  readonly first: number
  readonly last: number
}

export type Placed = {
  /** Where each block starts, a multiple of 64. */
  readonly offsets: readonly number[]
  readonly bytes: number
}

const ALIGNMENT = 64

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

/** Each block, the largest first, at the lowest place where nothing lies that is needed at the same time. */
export function placeBlocks(spans: readonly Span[]): Placed {
  const offsets = spans.map(() => 0)
  const placed: { readonly span: Span; readonly start: number; readonly end: number }[] = []
  const order = [...spans.entries()].sort(([, a], [, b]) => b.bytes - a.bytes)
  for (const [index, span] of order) {
    const others = placed.filter((one) => one.span.first <= span.last && span.first <= one.span.last)
    let start = 0
    for (const other of others.sort((a, b) => a.start - b.start)) {
      if (other.start - start >= span.bytes) break
      start = Math.max(start, other.end)
    }
    offsets[index] = start
    placed.push({ span, start, end: start + aligned(span.bytes) })
  }
  return { offsets, bytes: placed.reduce((most, { end }) => Math.max(most, end), 0) }
}
