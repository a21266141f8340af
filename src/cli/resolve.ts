// How the imports of a model file are found; Node runs this in the thread of its module loader, after tsx.
import type { ResolveFnOutput, ResolveHook } from 'node:module'

/**
 * A model file needs no installation around it: where there is no package `layergraph`, this one stands in.
 * And its TypeScript is a module, whatever the nearest package.json says of .js files.
 */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const found = await nextOrOwn(specifier, context, next)
  const url = typescriptOf(found.url)
  return url === null ? found : { ...found, url, format: 'module' }
}

async function nextOrOwn(...[specifier, context, next]: Parameters<ResolveHook>): Promise<ResolveFnOutput> {
  try {
    return await next(specifier, context)
  } catch (error) {
    if (specifier === 'layergraph' || specifier.startsWith('layergraph/')) {
      return next(specifier, { ...context, parentURL: import.meta.url })
    }
    throw error
  }
}

/** The bare URL of a .ts file: tsx marks those it takes for CommonJS with a query. */
function typescriptOf(url: string): string | null {
  return url.includes('/node_modules/') ? null : /^(file:.*?\.ts)(?:\?|%3F|$)/.exec(url)?.[1] ?? null
}
