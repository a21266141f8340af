#!/usr/bin/env node
// The command `layergraph`.
import { CommanderError } from 'commander'
import { allowRelaxedSimd } from '../platform/engine.ts'
import { EXIT, reportFailure } from './failure.ts'
import { program } from './program.ts'
import { endQuietly } from './terminal.ts'

endQuietly(process.stdout)
endQuietly(process.stderr)
allowRelaxedSimd()
try {
  await program().parseAsync()
} catch (error) {
  // commander has said what is wrong by itself; help and version end with code 0
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.usage
  else process.exitCode = reportFailure(error)
}
