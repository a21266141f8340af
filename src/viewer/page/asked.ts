// A question to a worker, asked again whenever what it is about changes.
import { type ReadonlySignal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Store } from './store.ts'
import type { Tasks } from './tasks.ts'

export type Asked<T> =
  /** The last answer, while a new one is on its way; `null` before the first. */
  | { readonly state: 'asking'; readonly answer: T | null }
  | { readonly state: 'answered'; readonly answer: T }
  | { readonly state: 'refused'; readonly why: string }

/** The answer, as it is known. `inputs` are what the question is made of; it is dropped when they change, or nobody shows it. */
export function useAsked<K extends keyof Tasks>(
  store: Store, task: K, question: Parameters<Tasks[K]>[0], inputs: readonly unknown[],
): ReadonlySignal<Asked<ReturnType<Tasks[K]>>> {
  const asked = useSignal<Asked<ReturnType<Tasks[K]>>>({ state: 'asking', answer: null })
  useEffect(() => {
    let current = true
    const { value } = asked
    asked.value = { state: 'asking', answer: value.state === 'refused' ? null : value.answer }
    store.work.ask(task, question).then((answered) => {
      if (!current || answered === null) return
      asked.value = 'answer' in answered ? { state: 'answered', answer: answered.answer } : { state: 'refused', why: answered.refused }
    }, (error: unknown) => {
      if (current) asked.value = { state: 'refused', why: String(error) }
    })
    return () => {
      current = false
      store.work.drop(task)
    }
  }, inputs)
  return asked
}
