/** The graph as React Flow draws it, and what is done to it by hand: the commands of `state/` change it. */
import { ConnectionLineType, type EdgeChange, ReactFlow, SelectionMode, type Viewport } from '@xyflow/react'
import {
  type ClipboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
} from 'react'
import { useStore } from 'zustand'
import { usePreview } from '../inspector/preview.ts'
import { classes } from '../parts/classes.ts'
import { useShownRun } from '../runs/shown-run.ts'
import { useShownWork } from '../runs/shown-work.ts'
import { selectedNode } from '../state/canvas.ts'
import type { Point } from '../state/commands.ts'
import { useDocument, useEditing, useGraph } from '../workflows/editing.tsx'
import { copied, paste, removeSelected } from './acts.ts'
import { cornerAt } from './add.ts'
import { ConnectHint, useConnecting } from './connect.tsx'
import { Corner } from './corner.tsx'
import { useDragging } from './dragging.ts'
import { EdgeLine } from './edge-line.tsx'
import type { Editor } from './editor.ts'
import { EmptyCanvas } from './empty.tsx'
import { FarGraph, FarProvider, useZoomIsFar } from './far.tsx'
import { type FlowEdge, type FlowNode, createFlow, domId } from './flow.ts'
import { Ground, useMoves } from './ground.tsx'
import { Guides } from './guides.tsx'
import { Incoming } from './incoming.tsx'
import { useKeyboard } from './keyboard.ts'
import { createMarks, passedEdges } from './marks.ts'
import { NodeCard } from './node-card.tsx'
import { NoteCard } from './note-card.tsx'
import { Opened, loadSoon } from './opened.tsx'
import { zoomMin } from './view.ts'
import './canvas.css'

const cardTypes = { card: NodeCard, note: NoteCard }
const edgeTypes = { line: EdgeLine }
const addsTo = ['Shift', 'Meta', 'Control']
const panButtons = [1, 2]
const noEdges: FlowEdge[] = []
const noBranding = { hideAttribution: true }

interface SurfaceProps {
  readonly editor: Editor
  readonly surface: RefObject<HTMLDivElement | null>
  /** Where the pointer is over the graph. */
  readonly hovered: RefObject<Point | undefined>
  readonly opening: Viewport
  /** Told once, when the graph can be seen: what stands around it waits for that. */
  readonly onDrawn: () => void
}

export function Surface({ editor, surface, hovered, opening, onDrawn }: SurfaceProps) {
  const { document, canvas, view } = editor
  useKeyboard(editor, surface)
  useEffect(() => view.focus(), [view])
  useMoves(surface)

  const { nodes, edges, active } = useFlowGraph()
  // The inspector that opens takes some of the room: what it shows stays in sight.
  const isInspected = active !== undefined
  const reveal = useEffectEvent(() => active !== undefined && view.reveal(active))
  useEffect(() => {
    if (isInspected) reveal()
  }, [isInspected])
  const isFar = useZoomIsFar()
  const { handlers, held, drawsFrom } = useConnecting(view)
  const dragging = useDragging(document, canvas)
  const name = useDocument(({ head }) => head.name)
  return (
    <FarProvider value={isFar}>
      <ReactFlow<FlowNode, FlowEdge>
        ref={surface}
        nodes={nodes}
        edges={isFar ? noEdges : edges}
        nodeTypes={cardTypes}
        edgeTypes={edgeTypes}
        {...dragging}
        {...handlers}
        onNodeClick={({ shiftKey, metaKey, ctrlKey }, { id }) => {
          // React Flow keeps several selected.
          if (!shiftKey && !metaKey && !ctrlKey) canvas.getState().select([id])
        }}
        onEdgesChange={(changes: EdgeChange<FlowEdge>[]) =>
          canvas.getState().changeSelection(changes.filter((change) => change.type === 'select'))
        }
        onInit={() => {
          requestAnimationFrame(() => {
            setTimeout(onDrawn)
            loadSoon()
          })
        }}
        defaultViewport={opening}
        minZoom={zoomMin}
        maxZoom={2}
        onlyRenderVisibleElements
        snapToGrid={false}
        nodesFocusable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={addsTo}
        selectionOnDrag
        selectionMode={SelectionMode.Partial}
        selectNodesOnDrag={false}
        nodeDragThreshold={2}
        panOnScroll
        panOnDrag={panButtons}
        zoomOnDoubleClick={false}
        connectionLineType={ConnectionLineType.SmoothStep}
        connectionRadius={24}
        proOptions={noBranding}
        className={classes(drawsFrom === 'source' && 'canvas-connecting')}
        tabIndex={0}
        aria-label={`Graph of ${name}. Alt with arrows walks along the edges, slash adds a node, question mark shows all keys.`}
        {...(active !== undefined && { 'aria-activedescendant': domId(active) })}
        onPointerDownCapture={({ target }) => {
          if (target instanceof Element && target.closest('button, textarea, [role=dialog]') === null)
            view.focus()
        }}
        onKeyDown={({ currentTarget }) => currentTarget.removeAttribute('data-quiet')}
        onBlur={({ currentTarget }) => currentTarget.removeAttribute('data-quiet')}
        onMouseMove={({ target, clientX, clientY }) => {
          const isOver = target instanceof Element && target.closest('.react-flow__renderer') !== null
          hovered.current = isOver ? { x: clientX, y: clientY } : undefined
        }}
        onMouseLeave={() => {
          hovered.current = undefined
        }}
        {...(isFar && { 'data-far': '' })}
        onMoveStart={() => surface.current?.setAttribute('data-moving', '')}
        onMoveEnd={() => surface.current?.removeAttribute('data-moving')}
        onDoubleClick={(event) => addAt(editor, event)}
        {...clipboard(editor)}
      >
        <Ground dotted={!isFar} />
        {isFar && <FarGraph nodes={nodes} edges={edges} />}
        <Guides />
        <ConnectHint held={held} />
        <EmptyCanvas editor={editor} />
        <Corner editor={editor} />
        <Opened editor={editor} />
        <Incoming editor={editor} />
      </ReactFlow>
    </FarProvider>
  )
}

/** What React Flow draws, and the node of which a screen reader speaks. */
function useFlowGraph() {
  const { canvas } = useEditing()
  const graph = useGraph()
  const problems = useDocument(({ problems }) => problems)
  const run = useShownRun()
  const atWork = useShownWork()
  const preview = usePreview()
  const selected = useStore(canvas, ({ selected }) => selected)
  const dragged = useStore(canvas, ({ dragged }) => dragged)
  const resized = useStore(canvas, ({ resized }) => resized)
  const edgeBelow = useStore(canvas, ({ edgeBelow }) => edgeBelow)
  const [flow] = useState(createFlow)
  const [marksOf] = useState(createMarks)
  const marks = useMemo(
    () => marksOf(graph, { problems, run, atWork, preview }),
    [marksOf, graph, problems, run, atWork, preview],
  )
  const passed = useMemo(() => passedEdges(graph, { run, atWork }), [graph, run, atWork])
  return {
    nodes: useMemo(
      () => flow.nodes(graph, { selected, dragged, resized, marks }),
      [flow, graph, selected, dragged, resized, marks],
    ),
    edges: useMemo(
      () => flow.edges(graph, { selected, edgeBelow, passed }),
      [flow, graph, selected, edgeBelow, passed],
    ),
    active: selectedNode(graph.nodes, selected),
  }
}

/** A double click on nothing asks what is to stand there. */
function addAt({ canvas, view }: Editor, { target, clientX, clientY }: MouseEvent): void {
  if (!(target instanceof Element) || !target.classList.contains('react-flow__pane')) return
  const at = { x: clientX, y: clientY }
  canvas.getState().open({ kind: 'add', at, position: cornerAt(view.toCanvas(at)) })
}

/** The browser's own events: they need no permission, and work where a page is served without TLS. */
function clipboard(editor: Editor) {
  const take = (event: ClipboardEvent): boolean => {
    const isText = event.target instanceof Element && event.target.closest('input, textarea') !== null
    if (isText || editor.canvas.getState().selected.size === 0) return false
    const text = copied(editor)
    if (text === undefined) return false
    event.clipboardData.setData('text/plain', text)
    event.preventDefault()
    return true
  }
  return {
    onCopy: (event: ClipboardEvent) => void take(event),
    onCut: (event: ClipboardEvent) => {
      if (take(event)) removeSelected(editor)
    },
    onPaste: (event: ClipboardEvent) => {
      if (event.target instanceof Element && event.target.closest('input, textarea') !== null) return
      event.preventDefault()
      void paste(editor, event.clipboardData.getData('text/plain'))
    },
  }
}
