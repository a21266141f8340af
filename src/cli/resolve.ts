// How the imports of a model file are found; Node runs this in the thread of its module loader, after tsx.
import type { ResolveFnOutput, ResolveHook } from 'node:module'

/** A model file gets these from where the command has them: a second copy would be another engine. */
const SHARED = ['layergraph', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-cpu']
/** And these where there is no other: what a layer of one's own needs. */
const LENT = ['zod']

/**
 * A model file needs no installation around it: this package stands in, and what it stands on. And its TypeScript is a
 * module, whatever the nearest package.json says of .js files.
 */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const found = await nextOrOwn(specifier, context, next)
  const url = typescriptOf(found.url)
  return url === null ? found : { ...found, url, format: 'module' }
}

const isOf = (names: readonly string[], specifier: string): boolean =>
  names.some((name) => specifier === name || specifier.startsWith(`${name}/`))

async function nextOrOwn(...[specifier, context, next]: Parameters<ResolveHook>): Promise<ResolveFnOutput> {
  const isUsers = context.parentURL !== undefined && !context.parentURL.includes('/node_modules/')
  if (isUsers && isOf(SHARED, specifier)) return next(specifier, { ...context, parentURL: import.meta.url })
  try {
    return await next(specifier, context)
  } catch (error) {
    if (isUsers && isOf(LENT, specifier)) return next(specifier, { ...context, parentURL: import.meta.url })
    throw error
  }
}

/** The bare URL of a .ts file: tsx marks those it takes for CommonJS with a query. */
function typescriptOf(url: string): string | null {
  return url.includes('/node_modules/') ? null : /^(file:.*?\.ts)(?:\?|%3F|$)/.exec(url)?.[1] ?? null
}
