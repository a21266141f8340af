// Tests of the viewer's page in Chromium (Debian: chromium).
import base from './vitest.config.ts'

export default { ...base, test: { ...base.test, include: ['test/browser/**/*.test.ts'], exclude: ['node_modules/**'], fileParallelism: false } }
