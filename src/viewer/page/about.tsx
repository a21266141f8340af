// The page of a layer: what it does, its settings, what one of its outputs looks at, where it comes from.
import { layerPicture } from '../../draw/layerPicture.ts'
import type { UnfitNode } from '../../graph/document.ts'
import type { GraphNode } from '../../graph/graph.ts'
import type { PageText } from '../../report/layerPage.ts'
import type { LayerDefinition } from '../../spec/layer.ts'
import { isFit } from '../model/project.ts'

/** What the pages of all layers say beyond their definitions, by kind. */
export type Pages = Readonly<Record<string, PageText>>

/** Text with `code` in it. */
const Marked = ({ text }: { readonly text: string }) => (
  <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>
)

/** What one output looks at, for the very shapes of this node where they are small enough to draw. */
function pictureOf(node: GraphNode | UnfitNode): string | null {
  if (!isFit(node)) return null
  const rule = node.definition.field(node.site)
  return layerPicture(node.kind, rule.rule === 'each' ? rule.rules[0] ?? { rule: 'opaque' } : rule, node.site)
}

interface AboutProps {
  readonly node: GraphNode | UnfitNode
  readonly definition: LayerDefinition
  readonly pages: Pages | null
}

export function About({ node, definition, pages }: AboutProps) {
  const { kind, formula, paper, weights } = definition
  const page = pages?.[kind]
  const own = pictureOf(node)
  const stored = isFit(node) && weights !== undefined ? weights(node.site) : []
  return (
    <div class="about">
      {page === undefined ? null : page.description.split('\n\n').filter((one) => one !== '').map((one) => <p key={one}><Marked text={one} /></p>)}
      {own !== null ? <div class="picture" dangerouslySetInnerHTML={{ __html: own }} />
        : page?.picture == null ? null : <img class="picture" src={page.picture} alt={definition.category === 'activation' ? `The curve of ${kind}` : `What one output of ${kind} looks at`} />}
      {formula === undefined ? null : <ul class="formulas">{formula.split('; ').map((one) => <li key={one}><code>{one}</code></li>)}</ul>}
      {stored.length === 0 ? null : (
        <table>
          <thead><tr><th scope="col">weight</th><th scope="col">shape</th><th scope="col">trained</th></tr></thead>
          <tbody>{stored.map(({ name, shape, trainable }) => <tr key={name}><td>{name}</td><td>{shape.map((size) => size ?? '?').join('×')}</td><td>{trainable ? 'yes' : 'no'}</td></tr>)}</tbody>
        </table>
      )}
      {page === undefined || page.settings.length === 0 ? null : (
        <dl class="meanings">{page.settings.map(({ key, meaning }) => <div key={key}><dt><code>{key}</code></dt><dd><Marked text={meaning} /></dd></div>)}</dl>
      )}
      {paper === undefined ? null : <p class="soft">{paper.authors}, {paper.url === undefined ? paper.title : <a href={paper.url} rel="noreferrer">{paper.title}</a>}, {paper.year}.</p>}
    </div>
  )
}
