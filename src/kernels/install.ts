/**
 * Registers the kernels with TensorFlow.js: the WebAssembly ones for the backend `wasm`, the references for the
 * backend `cpu`.
 */

import { engine, getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import type { KernelBackend, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { makeBridge } from './bridge.ts'
import type { Bridge } from './bridge.ts'
import type { KernelDefinition, PlainTensor } from './define.ts'
import { kernels } from './list.ts'

/** What `installKernels` answers with. */
export type Installation = {
  /** The names registered by this call, as `backend/kernel`. */
  readonly registered: readonly string[]
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
function makeBridges(): { for(backend: KernelBackend): Bridge; free(): void } {
  const bridges = new WeakMap<KernelBackend, Bridge>()
  return {
    for: backend => {
      const known = bridges.get(backend)
      if (known !== undefined) return known
      const made = makeBridge(backend)
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

/** What one installation registers, and how to undo it. */
function makeRegistrar(): { add(config: KernelConfig): void; names: string[]; undo(): void } {
  const undos: (() => void)[] = []
  const names: string[] = []
  const add = (config: KernelConfig): void => {
    const { kernelName, backendName } = config
    const previous = getKernel(kernelName, backendName)
    if (previous != null) unregisterKernel(kernelName, backendName)
    registerKernel(config)
    names.push(`${backendName}/${kernelName}`)
    undos.push(() => {
      // Somebody may have registered another kernel since; theirs stays.
      if (getKernel(kernelName, backendName) !== config) return
      unregisterKernel(kernelName, backendName)
      if (previous != null) registerKernel(previous)
    })
  }
  const undo = (): void => {
    for (const step of undos.splice(0).reverse()) step()
  }
  return { add, names, undo }
}

/**
 * Registers the kernels. Call it before or after the backend starts; each backend is bound on the first call of
 * a kernel. Kernels that are registered already are left alone, so that a second call adds nothing.
 */
export function installKernels(): Installation {
  const bridges = makeBridges()
  const registrar = makeRegistrar()
  for (const definition of kernels) {
    const kernelName = definition.name
    const wasm: KernelFunc = ({ inputs, backend, attrs }) => {
      const { context } = bridges.for(backend as KernelBackend)
      return definition.wasm(context, withNulls(inputs) as never, attrs as never)
    }
    const functions = { wasm, cpu: referenceFunction(definition) }
    for (const [backendName, kernelFunc] of Object.entries(functions)) {
      if (getKernel(kernelName, backendName) == null) registrar.add({ kernelName, backendName, kernelFunc })
    }
  }
  return {
    registered: registrar.names,
    uninstall: () => {
      registrar.undo()
      bridges.free()
    },
  }
}
