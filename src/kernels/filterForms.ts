/** The forms in which kernels of convolutions read a filter. */

import type { KernelExports } from './binary.ts'

export type FilterForm = {
  readonly name: string
  readonly bytes: (asm: KernelExports, record: number) => number
  /** Writes it, for the convolution of the record, with the scratch that the forward function works in. */
  readonly fill: (asm: KernelExports, record: number, filter: number, address: number, scratch: number) => void
}

/** Panels of the right factor of a product (assembly/panels.ts), group after group. */
export const panels: FilterForm = {
  name: 'panels',
  bytes: (asm, record) => asm.packedFilterBytes(record),
  fill: (asm, record, filter, address) => asm.packFilter(record, filter, address),
}

/** Panels of the right factor, tap after tap (assembly/tapsConv2d.ts). */
export const taps: FilterForm = {
  name: 'taps',
  bytes: (asm, record) => asm.tapsFilterBytes(record),
  fill: (asm, record, filter, address) => asm.packTaps(record, filter, address),
}

/** Transformed by Winograd, plane after plane (assembly/winograd.ts). */
export const transformed: FilterForm = {
  name: 'winograd',
  bytes: (asm, record) => asm.winogradFilterBytes(record),
  fill: (asm, record, filter, address, scratch) => asm.winogradFilter(record, filter, address, scratch),
}
