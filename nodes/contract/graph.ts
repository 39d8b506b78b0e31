import * as z from 'zod/mini'
import type { Saved } from './field.ts'

/** A graph is what React Flow holds: no translation between editor, API, file and store. */
export interface GraphNode {
  readonly id: string
  readonly type: string
  readonly position: { readonly x: number; readonly y: number }
  readonly data: {
    readonly label?: string | undefined
    readonly config: Saved
    /** Of the node type whose fields `config` was written for; absent = 1. See `migrate.ts`. */
    readonly version?: number | undefined
  }
}

export interface GraphEdge {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly sourceHandle?: string | null | undefined
  readonly targetHandle?: string | null | undefined
}

/** A sticky note: text for people beside the nodes. It never runs. */
export interface GraphNote {
  readonly id: string
  readonly position: { readonly x: number; readonly y: number }
  readonly width: number
  readonly height: number
  readonly text: string
}

export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly notes?: readonly GraphNote[] | undefined
}

/** A graph as a file or a program brings it: a node may leave open where it stands. */
export interface WrittenGraph extends Omit<Graph, 'nodes'> {
  readonly nodes: readonly WrittenNode[]
}
export interface WrittenNode extends Omit<GraphNode, 'position'> {
  readonly position?: GraphNode['position'] | undefined
}

/** Something to mend: where (`nodeId` null = the graph itself; `path` inside the node, or ''), and what to do. */
export interface Problem {
  readonly nodeId: string | null
  readonly path: string
  readonly message: string
}

export const nodesMax = 1_000
export const edgesMax = 5_000
export const nodeIdPattern = /^[A-Za-z0-9_-]{1,64}$/
export const labelLengthMax = 200
export const notesMax = 200
export const noteLengthMax = 10_000

/** The form of a graph; what it means is checked by `shapeProblems`. What React Flow adds (measured, selected, …) is kept. */
const point = z.object({ x: z.number(), y: z.number() })
const formWith = (position: z.ZodMiniType) =>
  z.object({
    nodes: z.array(
      z.looseObject({
        id: z.string(),
        type: z.string(),
        position,
        data: z._default(
          z.looseObject({
            label: z.optional(z.string().check(z.maxLength(labelLengthMax))),
            config: z._default(z.record(z.string(), z.unknown()), {}),
            version: z.optional(z.int().check(z.gte(1))),
          }),
          { config: {} },
        ),
      }),
    ),
    edges: z._default(
      z.array(
        z.looseObject({
          id: z.string(),
          source: z.string(),
          target: z.string(),
          sourceHandle: z.nullish(z.string()),
          targetHandle: z.nullish(z.string()),
        }),
      ),
      [],
    ),
    notes: z.optional(
      z
        .array(
          z.object({
            id: z.string(),
            position: point,
            width: z.number(),
            height: z.number(),
            text: z
              .string()
              .check(z.maxLength(noteLengthMax, `a note is at most ${noteLengthMax} characters long`)),
          }),
        )
        .check(z.maxLength(notesMax, `a graph has at most ${notesMax} notes`)),
    ),
  })
export const graphSchema = formWith(z._default(point, { x: 0, y: 0 })) as unknown as z.ZodMiniType<Graph>
export const writtenGraph = formWith(z.optional(point)) as unknown as z.ZodMiniType<WrittenGraph>

/** The ids of the nodes in an order in which every edge points forward; `undefined` when there is a cycle. */
export function topologicalOrder(graph: WrittenGraph): readonly string[] | undefined {
  const waitingFor = new Map(graph.nodes.map(({ id }) => [id, 0]))
  const targets = new Map<string, string[]>()
  for (const { source, target } of graph.edges) {
    waitingFor.set(target, (waitingFor.get(target) ?? 0) + 1)
    targets.set(source, [...(targets.get(source) ?? []), target])
  }
  const order = graph.nodes.filter(({ id }) => waitingFor.get(id) === 0).map(({ id }) => id)
  for (const id of order) {
    for (const target of targets.get(id) ?? []) {
      const left = (waitingFor.get(target) ?? 0) - 1
      waitingFor.set(target, left)
      if (left === 0) order.push(target)
    }
  }
  return order.length === graph.nodes.length ? order : undefined
}
