/** Random bits without a table or a state: a hash of an index and two keys. */

// The constants of Chris Wellons' "lowbias32", the integer mix of least bias his hash-prospector found for
// two multiplications.
const FIRST_FACTOR = 0x7feb352d
const SECOND_FACTOR: u32 = 0x846ca68b

/**
 * Mixes four 32-bit numbers; a bijection in which each input bit flips each output bit in about half the
 * cases.
 */
function mixFour(x: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16))
  x = i32x4.mul(x, i32x4.splat(FIRST_FACTOR))
  x = v128.xor(x, i32x4.shr_u(x, 15))
  x = i32x4.mul(x, i32x4.splat(<i32>SECOND_FACTOR))
  return v128.xor(x, i32x4.shr_u(x, 16))
}

/** 32 random bits for each of four indices: mix(mix(index + first) ^ second). */
export function hashFour(index: v128, first: v128, second: v128): v128 {
  return mixFour(v128.xor(mixFour(i32x4.add(index, first)), second))
}
