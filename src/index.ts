// The public door: describing models and reading them. No tensor library is behind it; to run a model, see
// layergraph/runtime.
export { graph } from './graph/build.ts'
export { defineGraph } from './graph/defineGraph.ts'
export { input, named, parallel, pipe, sequence, shared } from './graph/compose.ts'
export { residual } from '../graphs/residual.ts'
export * from '../layers/index.ts'
export { defineLayer, withTypes } from './spec/define.ts'

export { analyze } from './analysis/analyze.ts'
export { diff } from './analysis/diff.ts'
export { effectiveField } from './analysis/effective.ts'
export { explainConcept } from './analysis/concepts/index.ts'
export { explain } from './analysis/explain.ts'
export { griddingOf } from './analysis/gridding.ts'
export { hdc } from './analysis/hdc.ts'
export { lint, lintRules } from './analysis/lint/index.ts'
export { unitField } from './analysis/unit.ts'
export { documentSchema } from './graph/document.ts'
export { isGraph } from './graph/graph.ts'
export { withInputs } from './graph/sites.ts'
export { parseGraph } from './door.ts'

export { isLayergraphError, LayergraphError, renderIssue } from './spec/issue.ts'

export type * from './analysis/analyze.ts'
export type { Change, GraphDiff, MetricChange, NodeChange } from './analysis/diff.ts'
export type { EffectiveField } from './analysis/effective.ts'
export type { ConceptExplanation } from './analysis/concepts/index.ts'
export type { Bilingual, Step } from './analysis/derivation.ts'
export type { Explanation } from './analysis/explain.ts'
export type { Comb, Gridding } from './analysis/gridding.ts'
export type { Hdc } from './analysis/hdc.ts'
export type { LintOptions, LintRule, UnitActivity } from './analysis/lint/index.ts'
export type { PathCounts } from './analysis/paths.ts'
export type { UnitField, UnitView } from './analysis/unit.ts'
export type { GraphDocument } from './graph/document.ts'
export type { DefinedGraph, GraphSpec } from './graph/defineGraph.ts'
export type { AnyGraph, Graph, GraphData, GraphInput, GraphNode, GraphOutput, Ref } from './graph/graph.ts'
export type { Activation, Initializer, Padding, Pair, Sides } from './spec/config.ts'
export type { DefinedLayer } from './spec/define.ts'
export type {
  BinsRule, FieldRule, OneFieldRule, ResizeRule, Sliding, TransposedRule, WindowRule,
} from './spec/field.ts'
export { cropField, upsampleField } from './spec/field.ts'
export type { Issue, Severity } from './spec/issue.ts'
export type {
  Arity, Category, Example, Forward, ForwardContext, Inference, LayerDefinition, LayerSpec, Misfit, Paper,
  Site,
} from './spec/layer.ts'
export type { Ops, Value } from './spec/ops.ts'
export type { Dims, Size } from './spec/tensor.ts'
export type { Traits } from './spec/traits.ts'
export type { WeightSpec } from './spec/weight.ts'
export type { Add as Plus, Div, Mod, Mul, Sub } from './types/arith.ts'
export type {
  Apply, Callable, GraphLayer, IN, KeepsShape, Layer, Op, OUT, OwnLayer, Parallel, Residual, Sequence,
  SETTINGS, ShapeOf, Tensor, TensorOf, Tensors, Wrapped,
} from './types/layer.ts'
export type {
  Channels, Count, Image, Num, Padding1d, Padding2d, Padding3d, SameOut, Series, Shape, Shapes, Show, Size1d, Size2d,
  Size3d, Unify, Volume, WindowOut,
} from './types/shape.ts'
