import { useCallback, useMemo, useState } from 'react'
import type { GraphNode } from '../../nodes/contract/graph.ts'
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { Tabs } from '../parts/tabs.tsx'
import { configure, dropLooseEdges } from '../state/commands.ts'
import { useDocument, useEditing } from '../workflows/editing.tsx'
import { DataTab } from './data-tab.tsx'
import { ShapesProvider, useNodeShapes } from './expression/use-shapes.ts'
import { NodeHeader } from './header.tsx'
import { Help } from './help.tsx'
import { type OpenNode, OpenNodeProvider } from './open-node.ts'
import { problemsOf } from './problems.ts'
import { Settings } from './settings.tsx'

/** All that is shown of a node. */
export function Open({ node, type }: { readonly node: GraphNode; readonly type: AnyNodeType }) {
  const { document: graph } = useEditing()
  const saved = useDocument(({ savedGraph }) => savedGraph)
  const told = useDocument(({ problems }) => problems)
  const shapes = useNodeShapes(node.id)
  const [tab, setTab] = useState('settings')
  const { id } = node
  const { config } = node.data
  const problems = useMemo(() => problemsOf(node, saved, told), [node, saved, told])
  const change = useCallback<OpenNode['change']>(
    (name, value, before = (present) => present) =>
      graph
        .getState()
        .change(
          (present) => dropLooseEdges(configure(before(present), id, name, value), nodeTypes),
          `config.${id}.${name}`,
        ),
    [graph, id],
  )
  const open = useMemo(() => ({ id, type, config, problems, change }), [id, type, config, problems, change])
  return (
    <OpenNodeProvider value={open}>
      <ShapesProvider value={shapes}>
        <NodeHeader node={node} type={type} />
        <Tabs
          label="Inspector"
          value={tab}
          onChange={setTab}
          tabs={[
            {
              id: 'settings',
              label: <SettingsLabel count={problems.length} />,
              content: <Settings />,
              // A value that is clicked in the data goes to the expression that is there.
              stays: true,
            },
            { id: 'data', label: 'Data', content: <DataTab nodeId={id} /> },
            { id: 'help', label: 'Help', content: <Help /> },
          ]}
        />
      </ShapesProvider>
    </OpenNodeProvider>
  )
}

const SettingsLabel = ({ count }: { readonly count: number }) => (
  <span className="flex items-center gap-1.5">
    Settings
    {count > 0 && (
      <span className="flex h-4 min-w-4 items-center justify-center rounded-full bg-fail-soft px-1 text-[11px] font-medium text-fail tabular-nums">
        {count}
        <span className="sr-only"> to mend</span>
      </span>
    )}
  </span>
)
