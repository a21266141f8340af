export type * from './arith.ts'
export type * from './layer.ts'
export type * from './merge.ts'
export type * from './shape.ts'
