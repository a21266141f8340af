// docs/findings.md has every code, with its severity, and no other.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ANALYSIS_CODES, lintRules } from '../../src/analysis/lint/index.ts'
import { unitRules } from '../../src/analysis/lint/units.ts'

const documented = [...readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8').matchAll(/^\| `([a-z-]+\/[a-z-]+)` \| (\w+) \|/gm)]

test('every code is documented with its severity', () => {
  const rows = Object.fromEntries(documented.map(([, code, severity]) => [code, severity]))
  for (const { code, severity } of [...lintRules, ...unitRules]) expect([code, rows[code]]).toEqual([code, severity])
  expect(Object.keys(rows).sort()).toEqual([...[...lintRules, ...unitRules].map(({ code }) => code), ...ANALYSIS_CODES].sort())
})
