// What installKernels registers, and that it can be undone to the last kernel.
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { installKernels } from '../../src/kernels/index.ts'
import type { Installation } from '../../src/kernels/index.ts'

const installations: Installation[] = []
function install(options?: Parameters<typeof installKernels>[0]): Installation {
  const installation = installKernels(options)
  installations.push(installation)
  return installation
}
afterEach(() => {
  for (const installation of installations.splice(0).reverse()) installation.uninstall()
})

const LACKING = [
  'Conv2DBackpropFilter', 'DepthwiseConv2dNativeBackpropFilter', 'DepthwiseConv2dNativeBackpropInput',
  'UnsortedSegmentSum',
]

/** Every kernel and gradient, the objects themselves. */
function registry(): Map<string, unknown> {
  const kernels = ['wasm', 'cpu', 'webgl'].flatMap(backend =>
    tf.getKernelsForBackend(backend).map(config => [`${backend}/${config.kernelName}`, config] as const))
  const gradients = [...new Set(kernels.map(([, { kernelName }]) => kernelName))]
    .map(name => [`gradient/${name}`, tf.getGradient(name)] as const)
  return new Map<string, unknown>([...kernels, ...gradients])
}

/** That two registries hold the same objects. */
function expectSameRegistry(found: Map<string, unknown>, expected: Map<string, unknown>): void {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort())
  for (const [key, config] of expected) expect(found.get(key), key).toBe(config)
}

const standardNames = ({ registered }: Installation) =>
  registered.filter(name => !name.includes('/Layergraph')).map(name => name.replace('wasm/', '')).sort()

describe('installKernels', () => {
  test('adds to wasm what it lacks, and stands in front of nothing', () => {
    const installation = install()
    expect(standardNames(installation)).toEqual(LACKING)
    expect(installation.replaced).toEqual([])
    expect(installation.gradients).toEqual(['Conv2D', 'DepthwiseConv2dNative'])
  })

  test('with replace, stands in front of slow and wrong kernels too', () => {
    const installation = install({ replace: true })
    const replaced = installation.replaced.map(name => name.replace('wasm/', ''))
    expect(standardNames(installation)).toEqual([...LACKING, ...replaced].sort())
    expect(replaced).toEqual(expect.arrayContaining(['_FusedMatMul', 'BatchMatMul', 'Conv2D', 'FusedConv2D',
      'Conv2DBackpropInput', 'MaxPoolGrad', 'Sum', 'Identity']))
    expect(installation.gradients).toContain('Relu')
  })

  test.each([false, true])('uninstall restores every kernel and gradient (replace: %s)', replace => {
    const before = registry()
    const { uninstall, registered } = install({ replace })
    expect(registry().size).toBeGreaterThan(before.size)
    expect(registered.length).toBeGreaterThan(LACKING.length)
    uninstall()
    expectSameRegistry(registry(), before)
    uninstall()
    expectSameRegistry(registry(), before)
  })

  test('a second call adds nothing, and its uninstall takes nothing away', () => {
    install({ replace: true })
    const before = registry()
    const second = install({ replace: true })
    expect(second).toMatchObject({ registered: [], replaced: [], gradients: [] })
    second.uninstall()
    expectSameRegistry(registry(), before)
    expect(install().registered).toEqual([])
  })

  test('replace may follow a plain call, and both can be undone in either order', () => {
    const before = registry()
    const plain = install()
    const replacing = install({ replace: true })
    expect(replacing.replaced.length).toBe(replacing.registered.length)
    plain.uninstall()
    expect(tf.getKernel('Conv2DBackpropFilter', 'wasm')).toBeUndefined()
    replacing.uninstall()
    expectSameRegistry(registry(), before)
  })

  test("somebody else's later kernel stays", () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const before = tf.getKernel('Identity', 'wasm')
    const { uninstall } = install({ replace: true })
    const theirs = { kernelName: 'Identity', backendName: 'wasm', kernelFunc: () => [] }
    tf.registerKernel(theirs)
    uninstall()
    expect(tf.getKernel('Identity', 'wasm')).toBe(theirs)
    tf.unregisterKernel('Identity', 'wasm')
    tf.registerKernel(before)
    warn.mockRestore()
  })

  test('works from before the backend starts until after it is made anew', async () => {
    const factory = tf.findBackendFactory('wasm')
    const sum = async () => {
      await tf.setBackend('wasm')
      const matrix = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])
      // Sum over rows is ours, over columns it is the kernel that was there, which the start of the backend sets up.
      return [tf.sum(matrix, 0), tf.sum(matrix, 1)].map(total => [...total.dataSync()])
    }
    const remake = async () => {
      await tf.setBackend('cpu')
      tf.removeBackend('wasm')
      tf.registerBackend('wasm', factory)
    }
    await remake()
    install({ replace: true })
    expect(await sum()).toEqual([[5, 7, 9], [6, 15]])
    await remake()
    expect(await sum()).toEqual([[5, 7, 9], [6, 15]])
  })

  test('says when there is no wasm backend to replace kernels of', () => {
    const factory = tf.engine().registryFactory['wasm']!
    delete tf.engine().registryFactory['wasm']
    try {
      expect(() => installKernels({ replace: true })).toThrow('Import @tensorflow/tfjs-backend-wasm before.')
    } finally {
      tf.engine().registryFactory['wasm'] = factory
    }
  })
})
