/** Search over the nodes of a graph: by what they are called, by their ids and by what their settings say. */
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react'
import { type KeyboardEvent, useId, useState } from 'react'
import type { Graph, GraphNode } from '../../nodes/contract/graph.ts'
import { IconButton } from '../parts/button.tsx'
import { classes } from '../parts/classes.ts'
import { match, wordsOf } from '../parts/match.ts'
import { titleOf, typeOf } from '../parts/node-words.ts'
import { NodeIcon } from '../parts/node-icon.tsx'

interface FindProps {
  readonly graph: Graph
  /** Brings a node into view; called as one goes through what was found. */
  readonly onGo: (nodeId: string) => void
  readonly onClose: () => void
}

const shownMax = 50

export function Find({ graph, onGo, onClose }: FindProps) {
  const [search, setSearch] = useState('')
  const [at, setAt] = useState(-1)
  const list = useId()
  const found = search.trim() === '' ? [] : findNodes(graph, search)
  const go = (to: number) => {
    const index = found.length === 0 ? -1 : (to + found.length) % found.length
    setAt(index)
    const hit = found[index]
    if (hit === undefined) return
    document.getElementById(`${list}${index}`)?.scrollIntoView({ block: 'nearest' })
    onGo(hit.node.id)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // What is typed here is no key of the canvas.
    event.stopPropagation()
    const act = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(Math.max(at, 0) - 1),
      Enter: () => go(event.shiftKey ? Math.max(at, 0) - 1 : at + 1),
      Escape: onClose,
    }[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <search
      aria-label="Find a node"
      onKeyDown={onKeyDown}
      className="absolute top-3 right-3 z-20 w-88 max-w-[calc(100%-1.5rem)] overflow-hidden rounded-lg border bg-surface-1 shadow-float"
    >
      <div className="flex items-center gap-1 px-2">
        <Search className="size-4 shrink-0 text-text-3" aria-hidden />
        <input
          autoFocus
          role="combobox"
          aria-label="Find a node"
          aria-expanded={found.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          {...(at >= 0 && { 'aria-activedescendant': `${list}${at}` })}
          value={search}
          onChange={({ target }) => {
            setSearch(target.value)
            setAt(-1)
          }}
          placeholder="Find a node…"
          className="h-10 min-w-0 grow bg-transparent text-sm outline-none focus-visible:outline-none"
        />
        <span role="status" className="shrink-0 px-1 text-xs text-text-2 tabular-nums">
          {search.trim() !== '' && (found.length === 0 ? 'None' : `${Math.max(at + 1, 1)}/${found.length}`)}
        </span>
        <IconButton label="Previous" keys="shift+enter" onClick={() => go(Math.max(at, 0) - 1)}>
          <ChevronUp />
        </IconButton>
        <IconButton label="Next" keys="enter" onClick={() => go(at + 1)}>
          <ChevronDown />
        </IconButton>
        <IconButton label="Close" keys="Esc" onClick={onClose}>
          <X />
        </IconButton>
      </div>
      <ul
        id={list}
        role="listbox"
        aria-label="Nodes found"
        className={classes('max-h-72 overflow-y-auto', found.length > 0 && 'border-t p-1.5')}
      >
        {found.slice(0, shownMax).map(({ node, title, excerpt }, index) => (
          <li
            key={node.id}
            id={`${list}${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => go(index)}
            className={classes(
              'flex cursor-pointer items-start gap-2.5 rounded-md px-2 py-1.5 text-sm hover:bg-surface-2',
              index === at && 'bg-surface-2',
            )}
          >
            <NodeIcon type={node.type} className="mt-0.5" />
            <span className="min-w-0 grow">
              <span className="block truncate font-medium">{title}</span>
              {excerpt !== undefined && (
                <span className="block truncate font-mono text-xs text-text-2">{excerpt}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </search>
  )
}

export interface FoundNode {
  readonly node: GraphNode
  readonly title: string
  /** The piece of a setting in which it was found; absent when its name says enough. */
  readonly excerpt?: string
}

/** The best first; of equals, the one further to the left. */
export function findNodes({ nodes }: Graph, search: string): readonly FoundNode[] {
  return nodes
    .map((node) => {
      const type = typeOf(node.type)
      const title = titleOf(node)
      const names = [title, node.id, type?.title ?? node.type]
      const byName = match(search, ...names)
      const texts = textsOf(node.data.config)
      const score = byName > 0 ? 1 + byName : match(search, ...names, texts.join('\n'))
      const excerpt = byName > 0 ? undefined : excerptOf(texts, search)
      return { score, node, title, ...(excerpt !== undefined && { excerpt }) }
    })
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.node.position.x - b.node.position.x)
}

/** Every text of a setting; names of settings are not what one looks for. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

const before = 24
const excerptLength = 80

function excerptOf(texts: readonly string[], search: string): string | undefined {
  const words = wordsOf(search)
  for (const text of texts) {
    const at = words.map((word) => text.toLowerCase().indexOf(word)).find((index) => index !== -1)
    if (at === undefined) continue
    const from = Math.max(0, at - before)
    const piece = text.slice(from, from + excerptLength).replaceAll(/\s+/g, ' ')
    return `${from > 0 ? '…' : ''}${piece}${from + excerptLength < text.length ? '…' : ''}`
  }
  return undefined
}
