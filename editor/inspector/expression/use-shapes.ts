import { createContext, useContext, useMemo } from 'react'
import { useDocument, useGraph, useSample } from '../../workflows/editing.tsx'
import { usePreview } from '../preview.ts'
import { shapesOf } from './known.ts'
import type { Shapes } from './shapes.ts'

/** What can be reached in the open node, worked out once for all its fields. */
const ShapesContext = createContext<Shapes | undefined>(undefined)
export const ShapesProvider = ShapesContext.Provider

export function useShapes(): Shapes {
  const shapes = useContext(ShapesContext)
  if (shapes === undefined) throw new Error('this is drawn outside of an open node')
  return shapes
}

export function useNodeShapes(nodeId: string): Shapes {
  const graph = useGraph()
  const preview = usePreview()
  const sample = useSample(({ sample }) => sample)
  const id = useDocument(({ head }) => head.id)
  const name = useDocument(({ head }) => head.name)
  return useMemo(
    () => shapesOf({ graph, nodeId, preview, sample, workflow: { id, name } }),
    [graph, nodeId, preview, sample, id, name],
  )
}
