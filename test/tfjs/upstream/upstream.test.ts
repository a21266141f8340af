// The tests that tfjs-core ships for these operations, on the wasm backend with the kernels, added and in place.
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { installKernels } from '../../../src/kernels/index.ts'
import type { Installation } from '../../../src/kernels/index.ts'
import { bundleTest } from './bundle.ts'
import { exceptionFor } from './exceptions.ts'
import type { Mode } from './exceptions.ts'

const files = [
  'ops/avg_pool_3d_test', 'ops/avg_pool_test', 'ops/batchnorm_test', 'ops/clone_test', 'ops/conv1d_test',
  'ops/conv2d_separable_test', 'ops/conv2d_test', 'ops/conv2d_transpose_test', 'ops/conv3d_test',
  'ops/depthwise_conv2d_test', 'ops/dropout_test', 'ops/fused/fused_conv2d_test',
  'ops/fused/fused_depthwise_conv2d_test', 'ops/fused/fused_mat_mul_test', 'ops/gather_test', 'ops/mat_mul_test',
  'ops/max_pool_3d_test', 'ops/max_pool_test', 'ops/mean_test', 'ops/moments_test', 'ops/pool_test', 'ops/relu_test',
  'ops/sum_test', 'ops/unsorted_segment_sum_test',
]

const programs = await Promise.all(files.map(async file => [file, await bundleTest(file)] as const))

type Body = () => void | Promise<void>
type Constraints = { readonly predicate?: (environment: { readonly isDataSync: boolean }) => boolean }

/** jasmine counts `expect().nothing()` as an expectation that is met. */
const expectation = (...given: readonly unknown[]): unknown =>
  (given.length === 0 ? { nothing: () => undefined } : expect(given[0]))

/** What stands for jasmine and tfjs-core's own additions to it. */
function harness(mode: Mode, file: string) {
  const path: string[] = []
  const suite = (name: string, tests: () => void): void => {
    describe(name, () => {
      path.push(name)
      tests()
      path.pop()
    })
  }
  const single = (name: string, body: Body): void => {
    const exception = exceptionFor(mode, file, [...path, name].join(' '))
    if (exception === undefined) it(name, body)
    else if (exception.undetermined) it.skip(`${name} — ${exception.reason}`, body)
    else it.fails(`${name} — ${exception.reason}`, body)
  }
  const describeWithFlags = (name: string, { predicate }: Constraints, tests: (environment: object) => void): void => {
    if (predicate?.({ isDataSync: true }) === false) return
    suite(name, () => {
      beforeEach(() => tf.engine().startScope())
      afterEach(() => {
        tf.engine().endScope()
        tf.disposeVariables()
      })
      tests({ name: 'wasm', backendName: 'wasm', isDataSync: true })
    })
  }
  const anywhere: Constraints = {}
  const nowhere: Constraints = { predicate: () => false }
  return {
    globals: { describe: suite, it: single, expect: expectation, beforeAll, afterAll, beforeEach, afterEach },
    jasmine: {
      describeWithFlags, ALL_ENVS: anywhere, NODE_ENVS: anywhere, SYNC_BACKEND_ENVS: anywhere, BROWSER_ENVS: nowhere,
      CHROME_ENVS: nowhere,
    },
  }
}

describe.each<Mode>(['added', 'replaced'])('kernels %s:', mode => {
  let installation: Installation
  beforeAll(async () => {
    await tf.setBackend('wasm')
    installation = installKernels({ replace: mode === 'replaced' })
  })
  afterAll(() => installation.uninstall())

  describe.each(programs)('%s', (file, program) => {
    const { globals, jasmine } = harness(mode, file)
    Object.assign(globalThis, globals)
    program({ 'tfjs-core': tf, jasmine })
  })
})
