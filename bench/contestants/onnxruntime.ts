// onnxruntime-web on WebAssembly with one thread; PyTorch writes the model it runs: node onnxruntime.ts PYTHON
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Missing, need, type Prepare, serve, type Step } from '../serve.ts'
import { normal } from '../values.ts'

/** What is used of it: the package need not be installed to check types. */
interface Runtime {
  readonly env: { readonly wasm: { numThreads: number }; readonly versions: { readonly web?: string } }
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => unknown
  readonly InferenceSession: {
    create(path: string, options: object): Promise<{ run(feeds: object): Promise<Readonly<Record<string, { readonly data: Float32Array }>>> }>
  }
}

let version = ''

/** Has PyTorch export the model of a work. */
function exported<T>(work: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'layergraph-bench-'))
  const file = join(folder, 'model.onnx')
  const { status, stderr } = spawnSync(process.argv[2] as string, ['pytorch.py', '1', '--export', work, file], { encoding: 'utf8' })
  const clear = (): void => rmSync(folder, { recursive: true })
  if (status === 0) return use(file).finally(clear)
  clear()
  if (stderr.includes('No module named')) throw new Missing('PyTorch, to export the model: apt-get install python3-torch python3-torchvision')
  throw new Error(stderr)
}

async function prediction(work: string, shape: readonly number[]): Promise<Step> {
  const ort = await need<Runtime>('onnxruntime-web', 'npm install --no-save onnxruntime-web')
  ort.env.wasm.numThreads = 1
  version = ort.env.versions.web ?? ''
  const session = await exported(work, (file) => ort.InferenceSession.create(file, { executionProviders: ['wasm'] }))
  const image = normal(shape.reduce((product, size) => product * size, 1))
  return async () => (await session.run({ image: new ort.Tensor('float32', image, shape) }))['logits']?.data
}

const works: Readonly<Record<string, Prepare>> = {
  'lenet-predict-1': () => prediction('lenet', [1, 1, 28, 28]),
  'lenet-predict-128': () => prediction('lenet', [128, 1, 28, 28]),
  'resnet50-predict': () => prediction('resnet50', [1, 3, 224, 224]),
  'mobilenet-predict': () => prediction('mobilenet', [1, 3, 224, 224]),
  'googlenet-predict': () => prediction('googlenet', [1, 3, 224, 224]),
}

await serve(works, () => `onnxruntime-web ${version}`)
