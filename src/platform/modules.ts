// What is loaded, as Node knows it. In a page modules.browser.ts stands in for this module.
import { createRequire } from 'node:module'

/** The files of tfjs-core that are loaded, as far as that can be known. */
export function loadedCores(): readonly string[] {
  return Object.keys(createRequire(import.meta.url).cache).filter((file) => /tf-core[^/\\]*\.js$/.test(file))
}
