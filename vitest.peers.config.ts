// Tests against programs that must be installed beside Node: PyTorch (Debian: python3-torch python3-torchvision).
import base from './vitest.config.ts'

export default { ...base, test: { ...base.test, include: ['test/peers/**/*.test.ts'], exclude: ['node_modules/**'], testTimeout: 600_000, hookTimeout: 600_000 } }
