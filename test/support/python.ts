// The Python that has PyTorch: Debian's, or the one that PYTHON names.
import { spawnSync } from 'node:child_process'

export const python = process.env['PYTHON'] ?? '/usr/bin/python3'

/** Runs a program to its end and gives what it printed. @throws Error with what it complained of. */
export function runPython(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr, error } = spawnSync(python, args, {
    encoding: 'utf8', maxBuffer: 1 << 30, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${python} ${args.join(' ')} gave ${status}:\n${stderr}`)
  return stdout
}
