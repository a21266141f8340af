// Findings about what the units of a model do on real images.
import type { Issue, Severity } from '../../spec/issue.ts'
import { type Remark, toIssue } from './context.ts'

/** What the units of a layer do on images that were looked at. */
export interface UnitActivity {
  /** Id of the node. */
  readonly at: string
  readonly kind: string
  /** 'rectified': negative numbers become zero, as in relu. 'saturating': numbers are squeezed into a range, as in sigmoid. */
  readonly ends: 'rectified' | 'saturating'
  /** Channels of a map, or numbers where there is no map. */
  readonly units: number
  /** Units that are zero everywhere on all images, or within a hundredth of an end of their range. Nothing trains them. */
  readonly stuck: number
  /** The share of all outputs, 0 to 1, of which that is so. */
  readonly share: number
}

/** A rule for what was measured; `looksFor` as in a LintRule. */
export interface UnitRule {
  readonly code: string
  readonly severity: Severity
  readonly looksFor: string
  check(units: readonly UnitActivity[]): readonly Remark[]
}

/** From this share on, stuck units are a finding. */
const SHARE = 0.1

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

function rule(
  code: string, looksFor: string, ends: UnitActivity['ends'], say: (activity: UnitActivity) => { readonly message: string; readonly hint: string },
): UnitRule {
  return {
    code, severity: 'warning', looksFor,
    check: (all) => all.filter((one) => one.ends === ends && one.stuck >= SHARE * one.units && one.stuck > 0)
      .map((one) => ({ at: one.at, kind: one.kind, ...say(one) })),
  }
}

export const unitRules: readonly UnitRule[] = [
  rule('units/dead', 'Rectified units, a tenth of a layer or more, that are zero on all images.', 'rectified', ({ stuck, units }) => ({
    message: `${stuck} of ${units} units (${percent(stuck / units)}) are zero on all images, so that nothing trains them`,
    hint: 'lower the learning rate, start with heNormal, put batchNorm before, or use leakyRelu',
  })),
  rule('units/saturated', 'Saturating units, a tenth of a layer or more, that stay within a hundredth of the ends of their range.', 'saturating',
    ({ stuck, units }) => ({
      message: `${stuck} of ${units} units (${percent(stuck / units)}) stay at the ends of their range on all images, where gradients vanish`,
      hint: 'bring inputs to a mean of 0 and a deviation of 1, start with glorotUniform, put batchNorm before, or use relu',
    })),
]

/** What deserves a look in what was measured. */
export const unitFindings = (units: readonly UnitActivity[]): readonly Issue[] =>
  unitRules.flatMap((one) => one.check(units).map((found) => toIssue(one, one.severity, found)))
