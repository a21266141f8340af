// A project of a user in a temporary folder: the packed package unpacked into its node_modules, everything else linked.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

type Manifest = {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest

/** What a program has said, and how it ended. */
export type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type Project = {
  readonly folder: string
  /** The files of the package, as they were packed. */
  readonly files: readonly string[]
  /** Links packages of this checkout into the project. */
  link(...names: readonly string[]): void
  /** Copies files of a package into the node_modules of layergraph, as npm does when versions do not agree. */
  copyBeside(name: string, files: readonly string[]): string
  /** Writes a file of the project. */
  write(path: string, text: string): void
  /** Runs a program of the project, in plain Node. */
  node(source: string, ...args: readonly string[]): Run
  remove(): void
}

function run(folder: string, command: string, args: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', timeout: 120_000 })
  return { code: status, stdout, stderr }
}

/** Packs, unpacks, and links what the package depends on. */
export function makeProject(): Project {
  // The real path, since Node names modules by it.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'layergraph-')))
  const modules = join(folder, 'node_modules')
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [{ filename, files }] = JSON.parse(packed) as [{ filename: string; files: readonly { path: string }[] }]
  const own = join(modules, 'layergraph')
  mkdirSync(own, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, filename), '--strip-components', '1', '-C', own])
  const link = (...names: readonly string[]): void => {
    for (const name of names) {
      mkdirSync(dirname(join(modules, name)), { recursive: true })
      symlinkSync(join(root, 'node_modules', name), join(modules, name))
    }
  }
  link(...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies))
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text)
  write('package.json', JSON.stringify({ name: 'program', private: true, type: 'module' }))
  return {
    folder,
    files: files.map(({ path }) => path),
    link,
    write,
    copyBeside: (name, wanted) => {
      const target = join(own, 'node_modules', name)
      for (const file of wanted) cpSync(join(root, 'node_modules', name, file), join(target, file))
      return target
    },
    node: (source, ...args) => {
      write('program.js', source)
      return run(folder, process.execPath, ['program.js', ...args])
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
