/** The open workflow, for everything that is drawn around it. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Graph } from '../../nodes/contract/graph.ts'
import type { CanvasStore } from '../state/canvas.ts'
import type { Document, DocumentStore } from '../state/document.ts'
import { graphOf } from '../state/document.ts'
import type { SampleState, SampleStore } from '../state/sample.ts'
import type { Saver } from '../state/save.ts'

export interface Editing {
  readonly document: DocumentStore
  readonly saver: Saver
  readonly sample: SampleStore
  readonly canvas: CanvasStore
}

const EditingContext = createContext<Editing | undefined>(undefined)
export const EditingProvider = EditingContext.Provider

export function useEditing(): Editing {
  const editing = useContext(EditingContext)
  if (editing === undefined) throw new Error('this is drawn outside of an open workflow')
  return editing
}

/** One value of the document; what is drawn follows it. */
export const useDocument = <T,>(select: (document: Document) => T): T =>
  useStore(useEditing().document, select)

export const useGraph = (): Graph => useDocument(graphOf)

export const useSample = <T,>(select: (state: SampleState) => T): T => useStore(useEditing().sample, select)

/** Whoever can publish listens for this on the window: the canvas' keys ask for it. */
export const publishAsked = 'hookloom:publish'
