// The tests of tfjs-core that do not hold on wasm, each with its reason. They are run, and must fail: one that comes to
// hold has to leave this list.

/** With the kernels that wasm lacks added, or with others replaced too. */
export type Mode = 'added' | 'replaced'

export type Exception = {
  readonly file: string
  /** Tests whose whole name matches. */
  readonly name: RegExp
  /** In one mode only: the backend's own kernel fails where ours does not, or the other way round. */
  readonly mode?: Mode
  /** The result is whatever was in memory, so that the test may hold by chance: it is not run. */
  readonly undetermined?: true
  readonly reason: string
}

const CHANNELS_FIRST = 'the backend knows no NCHW'
const BIAS = "the backend's fused kernels take no bias but one value per channel"

const exceptions: readonly Exception[] = [
  { file: 'ops/clone_test', name: /complex64/, reason: 'the backend has no complex numbers' },
  { file: 'ops/conv2d_test', name: /conv2d (x=|gradient).*NCHW$/, mode: 'added', reason: CHANNELS_FIRST },
  { file: 'ops/fused/fused_conv2d_test', name: /NCHW/, mode: 'added', reason: CHANNELS_FIRST },
  { file: 'ops/fused/fused_conv2d_test', name: /with broadcasted bias|gradient .*with bias$/, mode: 'added', reason: BIAS },
  {
    file: 'ops/fused/fused_depthwise_conv2d_test', name: /with broadcasted bias|gradient .*with bias$/, mode: 'added',
    reason: BIAS,
  },
  {
    file: 'ops/fused/fused_mat_mul_test', name: /2d bias|broadcasted bias different rank/, mode: 'added', reason: BIAS,
  },
  {
    file: 'ops/mat_mul_test', name: /upcasts when dtypes dont match/, mode: 'added',
    reason: 'the backend multiplies no whole numbers',
  },
  {
    file: 'ops/depthwise_conv2d_test', name: /throws error on dilations > 1/,
    reason: 'with the kernels, dilated convolutions have gradients',
  },
  {
    file: 'ops/avg_pool_test', name: /gradient .*p=explicit/, mode: 'replaced',
    reason: 'it expects padding to be averaged, which the average itself does not do',
  },
  {
    file: 'ops/pool_test', name: /x=\[2,2,3\] f=\[1,1\] s=2 p=1 fractional outputs/, mode: 'added', undetermined: true,
    reason: 'the backend refuses more padding than window and leaves what was in memory',
  },
]

/** Why a test does not hold, if it does not. */
export function exceptionFor(mode: Mode, file: string, name: string): Exception | undefined {
  const applies = (one: Exception): boolean =>
    one.file === file && one.name.test(name) && (one.mode === undefined || one.mode === mode)
  return exceptions.find(applies)
}
