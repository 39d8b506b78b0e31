import { useState } from 'react'
import { type GraphNode, labelLengthMax } from '../../nodes/contract/graph.ts'
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import { Copy } from '../parts/copy.tsx'
import { label } from '../state/commands.ts'
import { useEditing } from '../workflows/editing.tsx'
import { TypeTile } from './icons.tsx'

/** Which node this is. Its label is edited in place; an empty one leaves the type's title. */
export function NodeHeader({ node, type }: { readonly node: GraphNode; readonly type: AnyNodeType }) {
  const { document: graph } = useEditing()
  const [before, setBefore] = useState('')
  const saved = node.data.label ?? ''
  const rename = (text: string) =>
    graph.getState().change((present) => label(present, node.id, text), `label.${node.id}`)
  return (
    <header className="flex shrink-0 items-start gap-2.5 px-4 pt-3 pb-2">
      <TypeTile type={type} />
      <div className="min-w-0 grow">
        <input
          aria-label="Label"
          value={saved}
          maxLength={labelLengthMax}
          placeholder={type.title}
          spellCheck={false}
          onFocus={() => setBefore(saved)}
          onChange={({ target }) => rename(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== 'Escape') return
            event.stopPropagation()
            if (event.key === 'Escape') rename(before)
            event.currentTarget.blur()
          }}
          className="-mx-1.5 h-7 w-[calc(100%+12px)] truncate rounded-md bg-transparent px-1.5 text-base font-semibold text-text-1 placeholder:text-text-1 placeholder:opacity-100 hover:bg-surface-2 focus-visible:bg-surface-1"
        />
        <p className="flex h-4 items-center gap-1.5 text-xs text-text-3">
          {/* Without a label the title stands above already. */}
          {saved !== '' && (
            <>
              <span>{type.title}</span>
              <span aria-hidden>·</span>
            </>
          )}
          <code className="truncate">{node.id}</code>
        </p>
      </div>
      <Copy text={node.id} label="Copy the node’s id" />
    </header>
  )
}
