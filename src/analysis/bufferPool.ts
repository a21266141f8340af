// Buffers that are given back and taken again.

/** Buffers that are given back are taken again: the smallest that is large enough, else the largest, which grows. */
export interface Buffers {
  take(bytes: number): number
  /** One more reader of the same numbers. */
  share(buffer: number): number
  giveBack(buffer: number): void
  readonly sizes: readonly number[]
  /** Bytes of tensors that lie in buffers now. */
  readonly held: number
}

export function makeBuffers(): Buffers {
  const sizes: number[] = []
  const users: number[] = []
  const used: number[] = []
  const free = (): number[] => [...sizes.keys()].filter((index) => users[index] === 0)
  return {
    sizes,
    get held() {
      return used.reduce((sum, bytes) => sum + bytes, 0)
    },
    take(bytes) {
      const bySize = free().sort((a, b) => (sizes[a] as number) - (sizes[b] as number))
      const index = bySize.find((one) => (sizes[one] as number) >= bytes) ?? bySize.at(-1) ?? sizes.length
      sizes[index] = Math.max(sizes[index] ?? 0, bytes)
      users[index] = 1
      used[index] = bytes
      return index + 1
    },
    share(buffer) {
      users[buffer - 1] = (users[buffer - 1] as number) + 1
      return buffer
    },
    giveBack(buffer) {
      const left = (users[buffer - 1] as number) - 1
      users[buffer - 1] = left
      if (left === 0) used[buffer - 1] = 0
    },
  }
}
