/** Drawing a line from a port: what may be connected, why not, and what happens when it is let go. */
import {
  type Connection as FlowConnection,
  type FinalConnectionState,
  type OnConnectStartParams,
  useConnection,
} from '@xyflow/react'
import { type RefObject, useMemo, useRef, useState } from 'react'
import type { Graph } from '../../nodes/contract/graph.ts'
import { type Connection, connect, reconnect, whyNotConnected, without } from '../state/commands.ts'
import { graphOf } from '../state/document.ts'
import { useEditing, useGraph } from '../workflows/editing.tsx'
import { types } from '../parts/node-words.ts'
import { cornerAt } from './add.ts'
import type { View } from './editor.ts'
import type { FlowEdge } from './flow.ts'
import { pointOf } from './point-of.ts'

const asConnection = ({ source, sourceHandle = null, target }: FlowConnection | FlowEdge): Connection => ({
  source,
  sourceHandle,
  target,
})

/** React Flow's handlers for lines that are drawn, and what the canvas has to know of them. */
export function useConnecting(view: View) {
  const { document: edited, canvas } = useEditing()
  /** The edge whose end is in the hand: it is no reason against itself. */
  const held = useRef<string | undefined>(undefined)
  const [drawsFrom, setDrawsFrom] = useState<'source' | 'target' | undefined>(undefined)
  const handlers = useMemo(
    () => ({
      isValidConnection: (connection: FlowConnection | FlowEdge) =>
        whyNotConnected(judged(graphOf(edited.getState()), held), asConnection(connection), types) ===
        undefined,
      onConnect: (connection: FlowConnection) =>
        edited.getState().change((graph) => connect(graph, asConnection(connection), types)),
      onConnectStart: (_event: unknown, { handleType }: OnConnectStartParams) =>
        setDrawsFrom(handleType ?? undefined),
      /** Dropped on nothing: what is to stand there? */
      onConnectEnd: (event: MouseEvent | TouchEvent, { fromHandle, toHandle }: FinalConnectionState) => {
        setDrawsFrom(undefined)
        const at = pointOf(event)
        const onPane = document.elementFromPoint(at.x, at.y)?.classList.contains('react-flow__pane')
        if (fromHandle === null || toHandle !== null || held.current !== undefined || onPane !== true) return
        const { nodeId, id } = fromHandle
        canvas.getState().open({
          kind: 'add',
          at,
          position: cornerAt(view.toCanvas(at)),
          link:
            fromHandle.type === 'target'
              ? { kind: 'before', target: nodeId }
              : { kind: 'after', source: nodeId, sourceHandle: id ?? '' },
        })
      },
      onReconnectStart: (_event: unknown, edge: FlowEdge) => {
        held.current = edge.id
      },
      onReconnect: (edge: FlowEdge, connection: FlowConnection) =>
        edited.getState().change((graph) => reconnect(graph, edge.id, asConnection(connection), types)),
      onReconnectEnd: () => {
        held.current = undefined
      },
    }),
    [edited, canvas, view],
  )
  return { handlers, held, drawsFrom }
}

type Held = RefObject<string | undefined>

const judged = (graph: Graph, { current }: Held): Graph =>
  current === undefined ? graph : without(graph, current)

/** Beside the pointer, while a line is over a card that it cannot be connected with: why. */
export function ConnectHint({ held }: { readonly held: Held }) {
  const graph = useGraph()
  const line = useConnection(({ inProgress, isValid, fromHandle, toHandle, pointer }) => {
    if (!inProgress || isValid === true || toHandle === null) return undefined
    const [from, to] = fromHandle.type === 'source' ? [fromHandle, toHandle] : [toHandle, fromHandle]
    return {
      source: from.nodeId,
      sourceHandle: from.id ?? null,
      target: to.nodeId,
      alike: fromHandle.type === toHandle.type,
      x: pointer.x,
      y: pointer.y,
    }
  })
  if (line === undefined) return null
  const why = line.alike
    ? 'A line leads from a port, at the right of a card, to an input, at the left.'
    : whyNotConnected(judged(graph, held), line, types)
  return why === undefined ? null : (
    <p
      role="status"
      className="canvas-why pointer-events-none absolute z-10 w-max max-w-60 rounded-md border bg-surface-1 px-2 py-1 text-xs text-fail shadow-float"
      style={{ left: line.x + 16, top: line.y + 16 }}
    >
      {why}
    </p>
  )
}
