// The command line as users run it, from start to exit.
import { makeProject, secondsOf } from '../project.ts'
import { ownVersions } from '../machine.ts'
import { type Prepare, serve } from '../serve.ts'

async function command(...args: readonly string[]): ReturnType<Prepare> {
  const folder = makeProject()
  return () => {
    // The processor's time of another process is not known here, so it is taken to be that of the wall's clock.
    const wall = secondsOf('npx', ['layergraph', ...args], folder)
    return { wall, cpu: wall }
  }
}

await serve({ 'summary-resnet50': () => command('summary', 'resnet50') }, ownVersions)
