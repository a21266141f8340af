// Drawings as PNG, without a browser.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

const FONTS = [
  '@expo-google-fonts/open-sans/400Regular/OpenSans_400Regular.ttf',
  '@expo-google-fonts/open-sans/600SemiBold/OpenSans_600SemiBold.ttf',
]

/** Browsers let elements take their colours from classes within media queries; here the light ones are meant. */
const withoutDark = (svg: string): string => svg.replace(/@media\(prefers-color-scheme:dark\)\{(?:[^{}]*\{[^{}]*\})*\}/, '')

/** The drawing as a PNG file, `scale` pixels for each of its own. */
export async function toPng(svg: string, scale: number): Promise<Uint8Array> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm')
  const [wasm, ...fontBuffers] = await Promise.all(['@resvg/resvg-wasm/index_bg.wasm', ...FONTS].map((path) => readFile(require.resolve(path))))
  await initWasm(wasm as Uint8Array<ArrayBuffer>)
  const image = new Resvg(withoutDark(svg), {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontBuffers: fontBuffers as Uint8Array[], loadSystemFonts: false, defaultFontFamily: 'Open Sans', sansSerifFamily: 'Open Sans' },
  }).render()
  return image.asPng()
}
