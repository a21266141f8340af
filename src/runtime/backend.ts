// The backend of TensorFlow.js that a model runs on.
import * as tf from '@tensorflow/tfjs-core'
import { addKernels } from '../kernels/install.ts'
import { hasSimd, WITHOUT_SIMD } from '../kernels/simd.ts'
import { loadedCores } from '../platform/modules.ts'
import { failure } from '../spec/issue.ts'

/** 'wasm' is the fast one. 'cpu' is plain TypeScript, a hundred times slower, to compare with. */
export type Backend = 'wasm' | 'cpu'

const PACKAGE: Record<Backend, string> = {
  wasm: '@tensorflow/tfjs-backend-wasm',
  cpu: '@tensorflow/tfjs-backend-cpu',
}

/**
 * Loads and starts a backend, installs the kernels on it, and makes it the current one. Answers with the one that runs: 'cpu'
 * in place of 'wasm' where WebAssembly has no SIMD, with a warning when it takes over. @throws LayergraphError
 */
export async function startBackend(wanted: Backend): Promise<Backend> {
  if (!Object.hasOwn(PACKAGE, wanted)) {
    throw failure('runtime/backend', 'backend', `there is no backend "${String(wanted)}"`, `use one of ${Object.keys(PACKAGE).join(', ')}`)
  }
  const backend = wanted === 'wasm' && !hasSimd() ? 'cpu' : wanted
  if (backend !== wanted && tf.getBackend() !== backend) {
    console.warn(`layergraph: ${WITHOUT_SIMD}. Models run on the backend "cpu" instead: the same results, a hundred times slower or more.`)
  }
  const started = starting.then(() => start(backend))
  starting = started.catch(() => undefined)
  await started
  return backend
}

/** The start that is under way. The engine of tfjs, of which there is one, gives up one start for the next. */
let starting: Promise<unknown> = Promise.resolve()

async function start(backend: Backend): Promise<void> {
  checkSingleCore()
  if (tf.engine().registryFactory[backend] === undefined) await load(backend)
  // Threads share the memory of the backend, which the kernels cannot import then; pages that are isolated would get them.
  if (backend === 'wasm' && tf.engine().registry[backend] === undefined) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  let started = false
  try {
    started = await tf.setBackend(backend)
    // Of two starts at the same time the earlier one is told no, though the backend comes up.
    if (!started) started = await tf.setBackend(backend)
  } catch (error) {
    throw failure('runtime/backend', PACKAGE[backend], `did not start: ${(error as Error).message}`, 'install the version that belongs to @tensorflow/tfjs-core', error)
  }
  if (!started) throw failure('runtime/backend', PACKAGE[backend], 'did not start', 'install the version that belongs to @tensorflow/tfjs-core')
  silence(backend)
  addKernels()
}

async function load(backend: Backend): Promise<void> {
  try {
    await (backend === 'wasm' ? import('@tensorflow/tfjs-backend-wasm') : import('@tensorflow/tfjs-backend-cpu'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw failure('runtime/backend', PACKAGE[backend], 'is not installed', `npm install ${PACKAGE[backend]}`, error)
  }
}

/** The cpu backend advertises another package on its first use. */
function silence(backend: Backend): void {
  if (backend === 'cpu') (tf.engine().backend as { firstUse?: boolean }).firstUse = false
}

/** Makes a started backend the current one, which programs that use several may have changed. */
export function useBackend(backend: Backend): void {
  // Complete when it returns, since the backend is already there; the promise says nothing more.
  if (tf.getBackend() !== backend) void tf.setBackend(backend)
}

/**
 * Copies of tfjs-core share one engine, the one of the copy loaded first, whose tensors belong to that copy's class.
 *
 * @throws LayergraphError `runtime/second-tfjs` when another copy than the one that this package uses is loaded.
 */
function checkSingleCore(): void {
  const probe = tf.engine().makeTensor(new Float32Array(1), [1], 'float32', probeBackend)
  const prototype: unknown = Object.getPrototypeOf(probe)
  probe.dispose()
  const copies = loadedCores()
  if (prototype === tf.Tensor.prototype && copies.length < 2) return
  throw failure(
    'runtime/second-tfjs', '@tensorflow/tfjs-core',
    `is loaded more than once${copies.length === 0 ? '' : `: ${copies.join(' and ')}`}`,
    'let all packages share one copy: npm dedupe, or the same version everywhere (npm ls @tensorflow/tfjs-core)',
  )
}

/** A backend that holds nothing, so that no real one need be running for the probe. */
const probeBackend = {
  write: () => ({}), disposeData: () => true, numDataIds: () => 0, refCount: () => 1, incRef: () => undefined,
} as unknown as tf.KernelBackend
