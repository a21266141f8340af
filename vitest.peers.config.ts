// Tests against programs that must be installed beside Node: PyTorch (Debian: python3-torch python3-torchvision).
import { shared } from './vitest.config.ts'

export default { ...shared, test: { ...shared.test, include: ['test/peers/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 } }
