import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What all tests share, also those of the peers and of the browser. */
export const shared = {
  resolve: {
    // Tests read the sources; the built package is tested as a child process (test/cli, test/package).
    alias: [
      { find: /^layergraph$/, replacement: source('./src/index.ts') },
      { find: /^layergraph\/graphs$/, replacement: source('./graphs/index.ts') },
      { find: /^layergraph\/runtime$/, replacement: source('./src/runtime/index.ts') },
      { find: /^layergraph\/kernels$/, replacement: source('./src/kernels/index.ts') },
    ],
  },
  test: { testTimeout: 180_000, hookTimeout: 60_000, exclude: ['node_modules/**'] },
}

const kernels = ['test/kernels/**/*.test.ts']

export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'], exclude: ['test/{kernels,peers,browser}/**'] } },
      // The kernels, in both builds (test/kernels/comparison.ts).
      { extends: true, test: { name: 'plain', include: kernels, env: { KERNEL_BUILD: 'plain' } } },
      { extends: true, test: { name: 'relaxed', include: kernels, env: { KERNEL_BUILD: 'relaxed' } } },
    ],
  },
})
