/**
 * Registers the kernels with TensorFlow.js: ours under their own names, the WebAssembly ones for the backend `wasm`,
 * the references for the backend `cpu`; and for `wasm`, under the names of TensorFlow.js, what that backend lacks.
 */

import {
  engine, getGradient, getKernel, registerGradient, registerKernel, unregisterGradient, unregisterKernel,
} from '@tensorflow/tfjs-core'
import type { GradConfig, KernelBackend, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { makeBridge } from './bridge.ts'
import type { Bridge } from './bridge.ts'
import type { KernelDefinition, PlainTensor } from './define.ts'
import { kernels } from './list.ts'
import { contextOf } from './recording.ts'
import { hasSimd, WITHOUT_SIMD } from './simd.ts'
import { makeCall } from './standard/define.ts'
import type { StandardKernel } from './standard/define.ts'
import { gradientConfig, gradients } from './standard/gradients.ts'
import { standards } from './standard/list.ts'

/** What may be asked of `installKernels`. */
export type InstallOptions = {
  /**
   * Whether the slow and the wrong kernels of the backend `wasm` are replaced too, and not only the missing ones added.
   * The import of `@tensorflow/tfjs-backend-wasm` must come first. Default: false.
   */
  readonly replace?: boolean
  /**
   * Whether products are multiplied and added in one instruction where WebAssembly has relaxed SIMD (`hasRelaxedSimd`).
   * That is faster, and rounds once in place of twice: the last bits of results then differ between processors with and
   * without such an instruction. Default: true. What is installed already stays as it is.
   */
  readonly relaxedSimd?: boolean
}

/** What `installKernels` answers with. */
export type Installation = {
  /** The kernels registered by this call, as `backend/kernel`. */
  readonly registered: readonly string[]
  /** Those of them that stand in front of a kernel of the backend. */
  readonly replaced: readonly string[]
  /** The kernels whose gradients this call has extended or replaced. */
  readonly gradients: readonly string[]
  /** Puts the registry back as it was, and returns the memory the kernels worked in to the backend. */
  uninstall(): void
}

/** The members of tfjs-backend-cpu 4 that the references stand on. */
type CpuBackend = {
  readonly data: { get(dataId: object): { values: unknown } }
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): TensorInfo
}

// A backend can be removed and made anew while the kernels stay registered, so what belongs to one backend is
// kept under that backend, and goes with it.
function makeBridges(relaxedSimd: boolean): { for(backend: KernelBackend): Bridge; free(): void } {
  const bridges = new WeakMap<KernelBackend, Bridge>()
  return {
    for: backend => {
      const known = bridges.get(backend)
      if (known !== undefined) return known
      const made = makeBridge(backend, { relaxedSimd })
      bridges.set(backend, made)
      return made
    },
    free: () => {
      const backend = engine().registry['wasm']
      if (backend !== undefined) bridges.get(backend)?.freeScratch()
    },
  }
}

/** The tensor's own array, so that a kernel that works in place is seen. */
function plain(backend: CpuBackend, { dataId, shape }: TensorInfo): PlainTensor {
  const { values } = backend.data.get(dataId)
  if (!(values instanceof Float32Array)) throw new TypeError('The cpu backend holds a float32 tensor in no Float32Array.')
  return { shape, values }
}

function referenceFunction(definition: KernelDefinition): KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const cpu = backend as CpuBackend
    const present = Object.entries(inputs).filter(([, tensor]) => tensor !== undefined)
    const arrays = Object.fromEntries(present.map(([name, tensor]) => [name, plain(cpu, tensor!)]))
    const made = definition.reference(withNulls(arrays) as never, attrs as never)
    const info = ({ shape, values }: PlainTensor): TensorInfo => cpu.makeTensorInfo([...shape], 'float32', values)
    return Array.isArray(made) ? made.map(info) : info(made as PlainTensor)
  }
}

/** An input that was left out reads as null. */
function withNulls<Value>(inputs: Readonly<Record<string, Value>>): Readonly<Record<string, Value | null>> {
  return new Proxy(inputs, { get: (target, name) => target[name as string] ?? null })
}

/** Marks what an installation has registered, so that another one does not stand in front of it. */
const OURS = Symbol.for('layergraph.kernel')

const isOurs = (config: KernelConfig | GradConfig): boolean => OURS in config

/** What one installation registers, and how to undo it. */
function makeRegistrar() {
  const undos: (() => void)[] = []
  const registered: string[] = []
  const replaced: string[] = []
  const extended: string[] = []
  const addKernel = (given: KernelConfig): void => {
    const config = { ...given, [OURS]: true }
    const { kernelName, backendName } = config
    const previous = getKernel(kernelName, backendName)
    if (previous != null) {
      unregisterKernel(kernelName, backendName)
      replaced.push(`${backendName}/${kernelName}`)
    }
    registerKernel(config)
    registered.push(`${backendName}/${kernelName}`)
    undos.push(() => {
      // Somebody may have registered another kernel since; theirs stays.
      if (getKernel(kernelName, backendName) !== config) return
      unregisterKernel(kernelName, backendName)
      if (previous != null) registerKernel(previous)
    })
  }
  const addGradient = (given: GradConfig, previous: GradConfig): void => {
    const config = { ...given, [OURS]: true }
    const { kernelName } = config
    unregisterGradient(kernelName)
    registerGradient(config)
    extended.push(kernelName)
    undos.push(() => {
      if (getGradient(kernelName) !== config) return
      unregisterGradient(kernelName)
      registerGradient(previous)
    })
  }
  const undo = (): void => {
    for (const step of undos.splice(0).reverse()) step()
  }
  return { addKernel, addGradient, undo, registered, replaced, gradients: extended }
}

type Registrar = ReturnType<typeof makeRegistrar>
type Bridges = ReturnType<typeof makeBridges>

/** Ours under their own names; without SIMD the references alone. */
function addOwn(registrar: Registrar, bridges: Bridges, simd: boolean): void {
  for (const definition of kernels) {
    const kernelName = definition.name
    const wasm: KernelFunc = ({ inputs, backend, attrs }) => {
      const context = contextOf(bridges.for(backend as KernelBackend))
      return definition.wasm(context, withNulls(inputs) as never, attrs as never)
    }
    const functions = { ...(simd ? { wasm } : {}), cpu: referenceFunction(definition) }
    for (const [backendName, kernelFunc] of Object.entries(functions)) {
      if (getKernel(kernelName, backendName) == null) registrar.addKernel({ kernelName, backendName, kernelFunc })
    }
  }
}

/** One of TensorFlow.js' names on the wasm backend. The kernel that was there keeps what the page does not cover. */
function standardConfig(
  { name, covers, run }: StandardKernel,
  previous: KernelConfig | undefined,
  bridges: Bridges,
): KernelConfig {
  const kernelFunc: KernelFunc = given => {
    const { inputs, attrs = {} } = given
    if (covers(inputs, attrs)) {
      const backend = given.backend as KernelBackend
      return run(makeCall(contextOf(bridges.for(backend)), backend), inputs, attrs)
    }
    if (previous !== undefined) return previous.kernelFunc(given)
    const types = Object.entries(inputs).map(([key, tensor]) => `${key} ${tensor?.dtype ?? 'absent'}`)
    throw new TypeError(`${name} on wasm computes with float32, but got ${types.join(', ')}. Cast it first.`)
  }
  // What else belongs to the previous one (setting it up with the backend, its end) stays with it.
  return { ...previous, kernelName: name, backendName: 'wasm', kernelFunc }
}

function addStandards(registrar: Registrar, bridges: Bridges, replace: boolean): void {
  for (const standard of standards) {
    const previous = getKernel(standard.name, 'wasm') as KernelConfig | undefined
    if (previous === undefined || (replace && !isOurs(previous))) {
      registrar.addKernel(standardConfig(standard, previous, bridges))
    }
  }
}

function addGradients(registrar: Registrar, replace: boolean): void {
  for (const gradient of gradients) {
    const previous = getGradient(gradient.name) as GradConfig | undefined
    // Gradients come with tfjs or tfjs-layers; without them nothing is trained.
    if (previous === undefined || isOurs(previous)) continue
    if (gradient.lacking || replace) registrar.addGradient(gradientConfig(gradient, previous), previous)
  }
}

/**
 * Registers the kernels: ours under their own names, and under the names of TensorFlow.js what its wasm backend lacks
 * for training. With `replace`, also better kernels in place of those it has.
 *
 * Call it after the imports of TensorFlow.js, before or after the backend starts; each backend is bound on the first
 * call of a kernel. What is ours already is left alone, so that a second call adds nothing.
 *
 * Where WebAssembly has no SIMD, it warns and registers the references for `cpu` alone: the backend `wasm` stays as it was.
 *
 * Throws when something is to be replaced and the wasm backend is not imported yet.
 */
export function installKernels(options: InstallOptions = {}): Installation {
  const installation = addKernels(options)
  if (!hasSimd()) {
    console.warn(`${WITHOUT_SIMD}: "wasm" stays as it was and cannot train. Use the backend "cpu", which is slow but has everything.`)
  }
  return installation
}

/** The same without a word. */
export function addKernels({ replace = false, relaxedSimd = true }: InstallOptions = {}): Installation {
  if (replace && engine().registryFactory['wasm'] === undefined) {
    throw new Error('installKernels({ replace: true }) found no wasm backend whose kernels it could replace. '
      + 'Import @tensorflow/tfjs-backend-wasm before.')
  }
  const bridges = makeBridges(relaxedSimd)
  const registrar = makeRegistrar()
  const simd = hasSimd()
  addOwn(registrar, bridges, simd)
  if (simd) addStandards(registrar, bridges, replace)
  // Without our kernels on wasm they would lead to what is not there.
  if (simd) addGradients(registrar, replace)
  const { registered, replaced, gradients: extended } = registrar
  return {
    registered,
    replaced,
    gradients: extended,
    uninstall: () => {
      registrar.undo()
      bridges.free()
    },
  }
}
