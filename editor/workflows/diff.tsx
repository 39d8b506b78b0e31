/** Two graphs side by side, as the list of what is different. */
import { ArrowRight, Minus, Move, Pencil, Plus, StickyNote } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import type { Graph, GraphEdge, GraphNode } from '../../nodes/contract/graph.ts'
import { portLabel, titleOf, types } from '../parts/node-words.ts'
import { classes } from '../parts/classes.ts'
import { NodeIcon } from '../parts/node-icon.tsx'
import { plural } from '../parts/words.ts'
import { firstPort } from '../state/commands.ts'
import { diffGraphs, isSameGraph, type NodeChange } from '../state/diff.ts'
import { SettingDiff } from './setting-diff.tsx'
import { TextDiff } from './text-diff.tsx'

interface DiffProps {
  readonly before: Graph
  readonly after: Graph
  /** What to say when nothing is different. */
  readonly same: string
}

export function Diff({ before, after, same }: DiffProps) {
  const diff = useMemo(() => diffGraphs(before, after), [before, after])
  if (isSameGraph(diff)) return <p className="text-sm text-text-2">{same}</p>
  const { added, removed, changed, moved, edges, notes } = diff
  return (
    <div className="flex flex-col divide-y text-sm">
      {changed.map((change) => (
        <Changed key={change.after.id} change={change} />
      ))}
      {added.map((node) => (
        <NodeLine key={node.id} sign="added" node={node} />
      ))}
      {removed.map((node) => (
        <NodeLine key={node.id} sign="removed" node={node} />
      ))}
      {edges.added.map((edge) => (
        <EdgeLine key={edge.id} sign="added" edge={edge} graph={after} />
      ))}
      {edges.removed.map((edge) => (
        <EdgeLine key={edge.id} sign="removed" edge={edge} graph={before} />
      ))}
      {notes.changed.map(({ before, after }) => (
        <NoteLine key={after.id} sign="changed">
          <TextDiff before={before.text} after={after.text} />
        </NoteLine>
      ))}
      {notes.added.map(({ id, text }) => (
        <NoteLine key={id} sign="added">
          {text}
        </NoteLine>
      ))}
      {notes.removed.map(({ id, text }) => (
        <NoteLine key={id} sign="removed">
          {text}
        </NoteLine>
      ))}
      {moved.length > 0 && (
        <Line icon={<Move className="text-text-3" />} label="Moved">
          <span className="text-text-2">
            {plural(moved.length, 'card')} only moved on the canvas. What the workflow does stays the same.
          </span>
        </Line>
      )}
    </div>
  )
}

type Sign = 'added' | 'removed' | 'changed'

const signs: Readonly<Record<Sign, { readonly icon: ReactNode; readonly word: string }>> = {
  added: { icon: <Plus className="text-ok" />, word: 'Added' },
  removed: { icon: <Minus className="text-fail" />, word: 'Removed' },
  changed: { icon: <Pencil className="text-info" />, word: 'Changed' },
}

interface LineProps {
  readonly icon: ReactNode
  /** The icon in a word. */
  readonly label: string
  readonly children: ReactNode
}

const Line = ({ icon, label, children }: LineProps) => (
  <div className="flex gap-2 py-2">
    <span role="img" aria-label={label} className="flex h-5 shrink-0 items-center [&_svg]:size-3.5">
      {icon}
    </span>
    <div className="min-w-0 grow">{children}</div>
  </div>
)

const Name = ({ node, isGone = false }: { readonly node: GraphNode; readonly isGone?: boolean }) => (
  <span className="inline-flex max-w-full items-center gap-1.5 align-bottom">
    <NodeIcon type={node.type} className="!size-3.5" />
    <span className={classes('truncate font-medium', isGone && 'line-through')}>{titleOf(node)}</span>
  </span>
)

const Changed = ({ change: { before, after, settings } }: { readonly change: NodeChange }) => (
  <Line icon={signs.changed.icon} label={signs.changed.word}>
    <Name node={after} />
    <dl className="mt-1 flex flex-col gap-1.5">
      {settings.map((setting) => (
        <SettingDiff key={setting.path} type={before.type} setting={setting} />
      ))}
    </dl>
  </Line>
)

const NodeLine = ({ sign, node }: { readonly sign: Sign; readonly node: GraphNode }) => (
  <Line icon={signs[sign].icon} label={signs[sign].word}>
    <Name node={node} isGone={sign === 'removed'} />
    <p className="truncate text-text-2">{types[node.type]?.sentence(node.data.config).join(' ')}</p>
  </Line>
)

interface EdgeLineProps {
  readonly sign: Sign
  readonly edge: GraphEdge
  /** The one that has the edge. */
  readonly graph: Graph
}

function EdgeLine({ sign, edge, graph }: EdgeLineProps) {
  const from = graph.nodes.find(({ id }) => id === edge.source)
  const to = graph.nodes.find(({ id }) => id === edge.target)
  if (from === undefined || to === undefined) return null
  const port = edge.sourceHandle ?? firstPort(from, types)
  return (
    <Line icon={signs[sign].icon} label={signs[sign].word}>
      <p className={classes('flex flex-wrap items-center gap-x-1.5', sign === 'removed' && 'text-text-2')}>
        <Name node={from} />
        <span className="text-xs text-text-3">{portLabel(from, port)}</span>
        <ArrowRight className="size-3.5 text-text-3" aria-label="to" />
        <Name node={to} />
        <span className="text-xs text-text-3">{sign === 'removed' ? 'disconnected' : 'connected'}</span>
      </p>
    </Line>
  )
}

const NoteLine = ({ sign, children }: { readonly sign: Sign; readonly children: ReactNode }) => (
  <Line icon={signs[sign].icon} label={signs[sign].word}>
    <p className="flex items-center gap-1.5 font-medium">
      <StickyNote className="size-3.5 text-text-3" aria-hidden />
      Note
    </p>
    <p className="line-clamp-6 break-words whitespace-pre-wrap text-text-2">{children}</p>
  </Line>
)
