// Who takes part.
import { spawnSync } from 'node:child_process'
import type { Contestant } from './contestant.ts'

const script = (label: string, file: string, ...args: readonly string[]): Contestant =>
  ({ label, command: process.execPath, args: ['--import', 'tsx', file, ...args] })

/** A python that has PyTorch, or else any. PYTHON names another. */
function findPython(): string {
  const candidates = process.env['PYTHON'] === undefined ? ['python3', '/usr/bin/python3'] : [process.env['PYTHON']]
  return candidates.find((python) => spawnSync(python, ['-c', 'import torch']).status === 0) ?? candidates[0] as string
}

let python: string | null = null

/** PyTorch, its BLAS free to choose the best code for this processor. */
export function pytorch(threads: number): Contestant {
  python ??= findPython()
  return {
    label: `PyTorch, ${threads} thread${threads === 1 ? '' : 's'}`, command: python, args: ['pytorch.py', String(threads)],
    without: ['OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE'],
  }
}

/** torchinfo on a model that PyTorch has ready. */
export const torchinfo = (): Contestant => ({ ...pytorch(1), label: "torchinfo's call, PyTorch, 1 thread" })

/** From start to exit. */
export const command = script('npx layergraph', 'command.ts')

/**
 * PyTorch, told to keep the memory it has. As installed, it has the C library (glibc) give large blocks back and fetch them
 * again, page by page, at every step; on a virtual machine that can be most of its time.
 */
export const pytorchKeeping = (threads: number): Contestant => {
  const installed = pytorch(threads)
  return {
    ...installed, label: `${installed.label}, memory kept`,
    variables: { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: String(2 ** 40) },
  }
}

export const layergraph = script('layergraph', 'layergraph.ts')
export const layergraphBy = (batch: number): Contestant => script(`layergraph, ${batch} at a time`, 'layergraph.ts', String(batch))
export const tfjsLayersWasm = script('tfjs-layers, wasm with our kernels', 'tfjsLayers.ts', 'wasm')
export const tfjsLayersCpu = script('tfjs-layers, cpu', 'tfjsLayers.ts', 'cpu')
export const onnxruntime = (): Contestant => {
  python ??= findPython()
  return script('onnxruntime-web, wasm, 1 thread', 'onnxruntime.ts', python)
}
export const jax = script('jax-js, wasm', 'jax.ts')
export const registers = script('f32x4 in registers', 'registers.ts')
