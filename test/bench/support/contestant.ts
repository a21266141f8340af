// A contestant for tests: a work that counts, one that has something to say, one that needs a package which does not exist,
// one that fails, one that fails while it runs.
import { need, serve } from '../../../bench/serve.ts'

let count = 0

await serve({
  counts: async () => () => { count++ },
  tells: async () => () => '3 epochs',
  lacks: async () => {
    await need('a-package-that-does-not-exist', 'npm install it')
    return () => undefined
  },
  stumbles: async () => () => { throw new Error('out of breath') },
  fails: async () => { throw new Error('no such shape\nand more') },
}, () => `counted ${count}`)
