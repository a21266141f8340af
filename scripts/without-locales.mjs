// For bundles: zod without its error messages in fifty languages, which are half of it.

/** English comes with the core; the others are reached by name only, through `z.locales`. */
export const withoutLocales = {
  name: 'without-locales',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({ contents: 'export { default as en } from "./en.js"' }))
  },
}
