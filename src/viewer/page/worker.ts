// The worker: one question, one answer.
import { isLayergraphError } from '../../spec/issue.ts'
import { type Question, type Reply, tasks } from './tasks.ts'

function reply({ task, input }: Question): Reply {
  try {
    return { answer: tasks[task](input) }
  } catch (error) {
    if (isLayergraphError(error)) return { refused: error.issues.map(({ message }) => message).join('; ') }
    throw error
  }
}

addEventListener('message', ({ data }: MessageEvent<Question>) => postMessage(reply(data)))
