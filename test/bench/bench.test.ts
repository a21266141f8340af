import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Contestant, startContestant } from '../../bench/contestant.ts'
import { measure, median } from '../../bench/measure.ts'
import { compare } from '../../bench/run.ts'
import { markdown, type Results, showSeconds, text } from '../../bench/table.ts'

const contestant = (label: string): Contestant =>
  ({ label, command: process.execPath, args: ['--import', 'tsx', fileURLToPath(new URL('support/contestant.ts', import.meta.url))] })

const quiet = { rounds: 3, clock: 'wall', say: () => undefined } as const

describe('median', () => {
  it('is the middle one, or the mean of the two in the middle', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })
})

describe('a contestant', () => {
  it('runs in a process of its own', async () => {
    const running = await startContestant(contestant('one'), 'counts')
    expect(running.started).toEqual({ ready: 'counted 0' })
    const { wall, cpu } = await running.run(1000)
    expect(wall).toBeGreaterThan(0)
    expect(cpu).toBeGreaterThanOrEqual(0)
    running.stop()
  })

  it('says what it lacks and what it cannot do', async () => {
    expect((await startContestant(contestant('one'), 'lacks')).started).toEqual({ missing: 'npm install it' })
    expect((await startContestant(contestant('one'), 'fails')).started).toEqual({ unable: 'no such shape' })
    expect((await startContestant(contestant('one'), 'unheard-of')).started).toEqual({ unable: 'has no such work' })
  })

  it('is reported when its program does not start', async () => {
    const absent = { label: 'absent', command: 'a-command-that-does-not-exist', args: [] }
    await expect(startContestant(absent, 'counts')).rejects.toThrow('a-command-that-does-not-exist')
  })
})

describe('measure', () => {
  it('takes turns, and measures the slow one only once after its warm-up', async () => {
    const order: string[] = []
    const fake = (name: string, seconds: number) => ({
      started: { ready: name }, stop: () => undefined,
      run: async (times: number) => {
        order.push(name)
        return { wall: seconds * times, cpu: (seconds * times) / 2 }
      },
    })
    const [fast, slow] = await measure([fake('fast', 0.5), fake('slow', 60)], { rounds: 2, clock: 'wall', onTurn: () => undefined })
    expect(fast).toEqual({ seconds: 0.5, waited: 2, rounds: 2 })
    expect(slow).toEqual({ seconds: 60, waited: 2, rounds: 1 })
    expect(order.filter((name) => name === 'slow')).toHaveLength(2)
  })

  it('lets the slow one warm up as long as it gets quicker, within bounds', async () => {
    const fake = (seconds: readonly number[]) => {
      const left = [...seconds]
      return { started: { ready: '' }, stop: () => undefined, run: async () => ({ wall: 1, cpu: left.shift()!, said: `${left.length} left` }) }
    }
    const options = { rounds: 3, clock: 'cpu', onTurn: () => undefined } as const
    const [steady, endless] = await measure([fake([30, 12, 11, 9]), fake([60, 50, 40, 30, 20])], options)
    expect(steady).toMatchObject({ seconds: 11, rounds: 1, said: '1 left' })
    expect(endless).toMatchObject({ seconds: 30, rounds: 1, said: '1 left' })
  })
})

describe('a comparison', () => {
  it('names who is missing, and leaves nobody out', async () => {
    const work = { name: 'lacks', title: 'what lacks', peers: [{ ours: contestant('ours'), contestant: contestant('theirs'), target: 0.5 }] }
    const { rows } = await compare(work, quiet)
    expect(rows).toMatchObject([{ ratio: null, note: 'not installed: npm install it; not installed: npm install it' }])
  })

  it('goes on without who fails', async () => {
    const work = { name: 'stumbles', title: 'stumbling', peers: [{ ours: contestant('ours'), contestant: contestant('theirs'), target: 0.5 }] }
    expect((await compare(work, quiet)).rows).toMatchObject([{ ratio: null, note: 'failed: out of breath; failed: out of breath' }])
  })

  it('shows what a work has to say of itself', async () => {
    const work = { name: 'tells', title: 'telling', peers: [{ ours: contestant('ours'), contestant: contestant('theirs'), target: 0.5 }] }
    expect((await compare(work, quiet)).rows).toMatchObject([{ note: 'ours: 3 epochs; theirs: 3 epochs' }])
  })

  it('divides ours by theirs', async () => {
    const work = { name: 'counts', title: 'counting', peers: [{ ours: contestant('ours'), contestant: contestant('theirs'), target: 0.5 }] }
    const [row] = (await compare(work, quiet)).rows
    expect(row!.ratio).toBeCloseTo(row!.oursSeconds! / row!.peerSeconds!)
  })
})

describe('the table', () => {
  const results: Results = {
    machine: { processor: 'Abacus', cores: 2, node: '20', v8: '11', system: 'linux x64', date: '2020-01-01' },
    versions: ['PyTorch 1'], clock: 'wall', rounds: 7, warnings: [],
    rows: [
      { work: 'a', title: 'adding', ours: 'we', peer: 'they', oursSeconds: 0.0012345, peerSeconds: 2.4691, ratio: 0.0005, target: 0.75, note: '' },
      { work: 'b', title: 'taking', ours: 'we', peer: 'others', oursSeconds: 1, peerSeconds: null, ratio: null, target: 0.5, note: 'not installed' },
    ],
    limits: [
      { work: 'c', title: 'starting', value: 1.5, unit: 's', limit: 1 },
      { work: 'd', title: 'growing', value: 0, unit: 'bytes', limit: 0 },
    ],
  }

  it('shows three digits', () => {
    expect([0.0012345, 0.5, 1.2345, 61.78, null].map(showSeconds)).toEqual(['1.23 ms', '500 ms', '1.23 s', '61.8 s', '–'])
  })

  it('says what was reached', () => {
    expect(markdown(results)).toContain('| adding | we | 1.23 ms | they | 2.47 s | 0.0005 | ≤ 0.75 | yes |  |')
    expect(markdown(results)).toContain('| taking | we | 1 s | others | – | – | ≤ 0.5 |  | not installed |')
    expect(markdown(results)).toContain('| starting | 1.5 s | ≤ 1 s | no |')
    expect(markdown(results)).toContain('| growing | 0 bytes | ≤ 0 bytes | yes |')
    expect(text(results)).toContain('Abacus, 2 cores, linux x64; Node 20 (V8 11); 2020-01-01')
  })
})
