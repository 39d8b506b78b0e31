import type { Run, Step } from '../../nodes/contract/api.ts'
import { titled } from '../parts/node-words.ts'

export interface NodeName {
  readonly label: string
  readonly type: string
}

/** What a node was called when it ran; by its id, where the graph that ran is no longer stored. */
export const nameOfStep = ({ nodeId, node }: Pick<Step, 'nodeId' | 'node'>): NodeName =>
  node === null ? { label: nodeId, type: '' } : { label: titled(node.type, node.label), type: node.type }

/** The same of the node that a run failed at. */
export function nameOfNode({ steps }: Pick<Run, 'steps'>, nodeId: string): NodeName {
  return nameOfStep(steps.find((step) => step.nodeId === nodeId) ?? { nodeId, node: null })
}
