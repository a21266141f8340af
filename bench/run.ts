// One work after another: start who takes part, measure in turn, compare.
import { type Contestant, type Running, startContestant } from './contestant.ts'
import { type Clock, type Failed, type Measured, measure } from './measure.ts'
import type { Row } from './table.ts'
import type { Peer, Work } from './works.ts'
import { layergraph } from './contestants.ts'

export interface RunOptions {
  readonly rounds: number
  readonly clock: Clock
  /** What is going on, for a person who waits. */
  readonly say: (progress: string) => void
}

export interface Compared {
  readonly rows: readonly Row[]
  readonly versions: readonly string[]
  /** Labels of contestants that waited for the processor. */
  readonly waited: readonly string[]
}

/** More wall-clock time than processor time by this factor: the machine was busy with something else. */
const BUSY = 1.15

const oursOf = ({ ours }: Peer): Contestant => ours ?? layergraph

function whyNot({ started }: Running): string {
  if ('missing' in started) return `not installed: ${started.missing}`
  return 'unable' in started ? started.unable : ''
}

/** Starts everyone once, however often they are compared. */
async function startAll(work: Work, say: RunOptions['say']): Promise<Map<string, Running>> {
  const everyone = new Map(work.peers.flatMap((peer) => [oursOf(peer), peer.contestant]).map((one) => [one.label, one]))
  const running = new Map<string, Running>()
  for (const [label, contestant] of everyone) {
    say(`${work.name}: starting ${label}`)
    running.set(label, await startContestant(contestant, work.name))
  }
  return running
}

/** Compares everyone who takes part in a work. */
export async function compare(work: Work, { rounds, clock, say }: RunOptions): Promise<Compared> {
  const running = await startAll(work, say)
  const ready = [...running].filter(([, { started }]) => 'ready' in started)
  const onTurn = (index: number, round: number): void =>
    say(`${work.name}: ${(ready[index] as [string, Running])[0]}, ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}`)
  const results = await measure(ready.map(([, one]) => one), { rounds, clock, onTurn })
  for (const [, one] of ready) one.stop()
  const measured = new Map(ready.map(([label], index) => [label, results[index] as Measured | Failed]))
  const noteOf = (label: string): string => {
    const result = measured.get(label)
    if (result === undefined) return whyNot(running.get(label) as Running)
    if ('failed' in result) return `failed: ${result.failed}`
    const remarks = [...(result.rounds === 1 && rounds > 1 ? ['ran once'] : []), ...(result.said === undefined ? [] : [result.said])]
    return remarks.length === 0 ? '' : `${label}: ${remarks.join(', ')}`
  }
  const secondsOf = (label: string): number | null => {
    const result = measured.get(label)
    return result === undefined || 'failed' in result ? null : result.seconds
  }
  const rows = work.peers.map((peer): Row => {
    const [ours, theirs] = [oursOf(peer).label, peer.contestant.label]
    const [oursSeconds, peerSeconds] = [secondsOf(ours), secondsOf(theirs)]
    return {
      work: work.name, title: work.title, ours, peer: theirs, target: peer.target, oursSeconds, peerSeconds,
      note: [ours, theirs].map(noteOf).filter((note) => note !== '').join('; '),
      ratio: oursSeconds === null || peerSeconds === null ? null : oursSeconds / peerSeconds,
    }
  })
  return {
    rows,
    versions: ready.map(([, { started }]) => ('ready' in started ? started.ready : '')),
    waited: [...measured].flatMap(([label, one]) => ('waited' in one && one.waited > BUSY ? [label] : [])),
  }
}
