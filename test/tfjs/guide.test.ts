// Every program of the guide for TensorFlow.js, in a project that has the packed package and nothing else of ours.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeProject, root } from '../package/project.ts'
import type { Project } from '../package/project.ts'

const guide = readFileSync(join(root, 'docs/guides/tfjs.md'), 'utf8')
const programs = [...guide.matchAll(/^```ts\n(.*?)^```/gms)].map(([, program]) => program!)

let project: Project
beforeAll(() => {
  project = makeProject()
  project.link('@tensorflow/tfjs')
})
afterAll(() => project.remove())

function output(program: string | undefined): string {
  const { code, stdout, stderr } = project.node(program!)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.trim()
}

test('there are four programs', () => expect(programs).toHaveLength(4))

test('the network learns to tell the bars apart', () => {
  const shares = output(programs[0]).split(' % ').map(share => Number.parseInt(share, 10))
  expect(shares).toHaveLength(10)
  expect(shares.at(-1)).toBeGreaterThan(90)
  expect(shares.at(-1)).toBeGreaterThan(shares[0]!)
})

test('the installation tells what it has done', () => expect(output(programs[1])).toBe('true true true'))

test('the deformable convolution has its gradients', () => {
  expect(output(programs[2])).toBe('[ 2, 8, 8, 4 ] [ 2, 8, 8, 18 ] [ 3, 3, 4, 6 ]')
})

test('relaxed SIMD can be left alone', () => {
  const there = Number(process.versions.node.split('.')[0]) >= 22
  expect(output(programs[3])).toBe(there ? 'relaxed SIMD: there, but not used' : 'relaxed SIMD: not there')
})
