import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    // Tests read the sources; the built package is tested as a child process (test/cli, test/package).
    alias: [
      { find: /^layergraph$/, replacement: source('./src/index.ts') },
      { find: /^layergraph\/graphs$/, replacement: source('./graphs/index.ts') },
      { find: /^layergraph\/runtime$/, replacement: source('./src/runtime/index.ts') },
      { find: /^layergraph\/kernels$/, replacement: source('./src/kernels/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/peers/**', 'test/browser/**', 'node_modules/**'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
})
