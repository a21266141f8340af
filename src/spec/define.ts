// defineLayer: from a page's members to a layer that can be used.
import type { OwnLayer } from '../types/layer.ts'
import type { LayerDefinition, LayerSpec } from './layer.ts'
import { leafLayer } from './symbolic.ts'

/** A definition that is also the function that makes the layer: `conv2d.kind`, `conv2d({ … })`. */
export type DefinedLayer<Factory, C, I = unknown> = Factory & LayerSpec<C, I>

type DefaultFactory<Kind extends string, I> = Record<never, never> extends I
  ? (config?: I) => OwnLayer<Kind>
  : (config: I) => OwnLayer<Kind>

/**
 * A layer from its page: `const gain = defineLayer({ kind: 'gain', … })`, then `gain({ factor: 2 })(x)`.
 *
 * The output shape of such a layer is not known to the types, unless a factory type is given with `withTypes`.
 */
export function defineLayer<const Kind extends string, C, I>(
  spec: LayerSpec<C, I> & { readonly kind: Kind },
): DefinedLayer<DefaultFactory<Kind, I>, C, I> {
  const definition = (config?: unknown) => leafLayer(definition as unknown as LayerDefinition, config)
  return Object.freeze(Object.assign(definition, spec)) as unknown as DefinedLayer<DefaultFactory<Kind, I>, C, I>
}

/** The same definition behind a factory that captures the literals of the config in its type. */
export function withTypes<Factory>() {
  return <C, I>(definition: LayerSpec<C, I>): DefinedLayer<Factory, C, I> =>
    definition as unknown as DefinedLayer<Factory, C, I>
}
