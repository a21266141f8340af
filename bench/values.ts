// Numbers to compute with, the same in every run.

/** A generator of 32 random bits (Mulberry32, Tommy Ettinger 2017). */
function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Mean 0, variance 1: the sum of four uniform numbers, which is close enough to normal. */
export function normal(count: number, seed = 1): Float32Array {
  const random = makeRandom(seed)
  return Float32Array.from({ length: count }, () => (random() + random() + random() + random() - 2) * Math.sqrt(3))
}

export function classIds(count: number, classes: number, seed = 2): Int32Array {
  const random = makeRandom(seed)
  return Int32Array.from({ length: count }, () => Math.floor(random() * classes))
}
