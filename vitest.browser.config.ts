// Tests of the viewer's page in Chromium (Debian: chromium).
import { shared } from './vitest.config.ts'

export default { ...shared, test: { ...shared.test, include: ['test/browser/**/*.test.ts'], fileParallelism: false } }
