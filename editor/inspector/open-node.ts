/** The node that the inspector shows, for the fields in it. */
import { createContext, useContext } from 'react'
import type { Saved } from '../../nodes/contract/field.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import type { NodeProblem } from './problems.ts'

export interface OpenNode {
  readonly id: string
  readonly type: AnyNodeType
  readonly config: Saved
  readonly problems: readonly NodeProblem[]
  /**
   * Changes one setting; `undefined` takes it away. Letters of a word become one step of undo.
   * @param before done to the graph in the same step, before the setting changes
   */
  readonly change: (name: string, value: unknown, before?: (graph: Graph) => Graph) => void
}

const OpenNodeContext = createContext<OpenNode | undefined>(undefined)
export const OpenNodeProvider = OpenNodeContext.Provider

export function useOpenNode(): OpenNode {
  const node = useContext(OpenNodeContext)
  if (node === undefined) throw new Error('this is drawn outside of an open node')
  return node
}
