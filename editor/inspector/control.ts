import type { Field } from '../../nodes/contract/field.ts'
import type { Graph } from '../../nodes/contract/graph.ts'

/** What every control is given. A control draws the setting; label, help and problems stand around it. */
export interface ControlProps {
  readonly field: Field
  /** Of the input that the label names. */
  readonly id: string
  /** As saved; `undefined` = the declared initial holds. */
  readonly value: unknown
  /** @param before done to the graph in the same step of undo, see `OpenNode.change` */
  readonly onChange: (value: unknown, before?: (graph: Graph) => Graph) => void
  readonly issues: readonly Issue[]
}

/** A problem inside of a setting, by its path. */
export interface Issue {
  readonly path: string
  readonly message: string
}

/** Those about one part of the setting, with their paths inside of it. */
export const issuesAt = (issues: readonly Issue[], part: string): readonly Issue[] =>
  issues.flatMap(({ path, message }) =>
    path === part
      ? [{ path: '', message }]
      : path.startsWith(`${part}.`)
        ? [{ path: path.slice(part.length + 1), message }]
        : [],
  )

export const messagesAt = (issues: readonly Issue[], part: string): readonly string[] =>
  issuesAt(issues, part).map(({ message }) => message)
