// What several panels are made of.
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Issue } from '../../spec/issue.ts'
import type { Store } from './store.ts'

/** Numbers with their names: what a panel says first. */
export const Facts = ({ facts }: { readonly facts: readonly (readonly [name: string, value: string])[] }) => (
  <dl class="facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
)

/** Sentences with their names. */
export const Lines = ({ lines }: { readonly lines: readonly (readonly [name: string, value: string])[] }) => (
  <dl class="lines">{lines.map(([name, value], index) => <div key={index}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
)

interface FoldProps {
  readonly title: string
  readonly open?: boolean
  readonly children: ComponentChildren
}

/** A section that can be folded away. */
export const Fold = ({ title, open = true, children }: FoldProps) => (
  <details class="fold" open={open}><summary><h3>{title}</h3></summary>{children}</details>
)

/** The same, its content made when it is first opened: for what takes long. */
export function LazyFold({ title, children }: { readonly title: string; readonly children: () => ComponentChildren }) {
  const open = useSignal(false)
  return (
    <details class="fold" onToggle={(event) => { if (event.currentTarget.open) open.value = true }}>
      <summary><h3>{title}</h3></summary>
      {open.value ? children() : null}
    </details>
  )
}

/** Says that something is worked out, and for how long already where that is more than a second. */
export function Counting({ what }: { readonly what: string }) {
  const seconds = useSignal(0)
  useEffect(() => {
    const timer = setInterval(() => { seconds.value++ }, 1000)
    return () => clearInterval(timer)
  }, [])
  return <p class="soft"><span role="status">{what} …</span> {seconds.value === 0 ? null : <span aria-hidden="true">{seconds.value} s</span>}</p>
}

interface NodeLinkProps {
  readonly store: Store
  readonly id: string
}

/** The name of a node; pressing it goes there. */
export const NodeLink = ({ store, id }: NodeLinkProps) => (
  <button type="button" class="link" onClick={() => store.select(id, { reveal: true })}>{id}</button>
)

const MARKS = { error: '✖', warning: '⚠', info: 'ℹ' } as const

interface FindingsProps {
  readonly store: Store
  readonly findings: readonly Issue[]
}

/** Findings; pressing one goes to its node. */
export const Findings = ({ store, findings }: FindingsProps) => (
  <ul class="findings">
    {findings.map((issue, index) => (
      <li key={index} class={issue.severity}>
        <span class="severity" role="img" aria-label={issue.severity}>{MARKS[issue.severity]}</span>
        <div>
          {store.project.value.nodes.has(issue.at) ? <NodeLink store={store} id={issue.at} /> : <b>{issue.at}</b>} {issue.message}
          {issue.hint === undefined ? null : <p class="soft">→ {issue.hint}</p>}
          <code class="soft">{issue.code}</code>
        </div>
      </li>
    ))}
  </ul>
)
