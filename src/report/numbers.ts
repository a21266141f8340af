// Numbers of a training as a reader likes them.

/** "93.41 %" */
export const showShare = (share: number): string => `${(100 * share).toFixed(2)} %`

/** "0.2134"; very small and very large losses as powers of ten. */
export const showLoss = (loss: number): string =>
  (loss !== 0 && (loss < 0.001 || loss >= 1e5) ? loss.toExponential(2) : loss.toFixed(4))

/** "8 s", "1:32", "2:03:04" */
export function showSeconds(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const digits = (value: number): string => String(value).padStart(2, '0')
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return h > 0 ? `${h}:${digits(m)}:${digits(s)}` : `${m}:${digits(s)}`
}
