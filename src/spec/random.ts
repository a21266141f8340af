// Seeded random numbers: the same seed gives the same numbers on every machine.

/** A stream of random numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** Uniform integer in [0, below). */
  integer(below: number): number
}

/** Mixes two 32-bit integers into one (the finaliser of MurmurHash3). */
export function mixSeed(a: number, b: number): number {
  let h = (a ^ Math.imul(b, 0x9e3779b1)) >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A 32-bit number from a text (FNV-1a), to give each name a stream of its own. */
export function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** Chris Doty-Humphrey's sfc32, seeded through `mixSeed`. */
export function seededRandom(seed: number): Random {
  let a = mixSeed(seed, 1), b = mixSeed(seed, 2), c = mixSeed(seed, 3), counter = 1
  const next = (): number => {
    const t = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) next()
  const uniform = (): number => next() / 4294967296
  return {
    uniform,
    // Box and Muller; the second of the pair is dropped so that a stream has no hidden state.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (below) => Math.floor(uniform() * below),
  }
}
