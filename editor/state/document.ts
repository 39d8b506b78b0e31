/**
 * The workflow that is being edited: its graph is exactly the server's JSON. It is changed by the commands of
 * `commands.ts` alone, so that undo, saving and tests need no React.
 */
import type { Workflow } from '../../nodes/contract/api.ts'
import type { Graph, Problem } from '../../nodes/contract/graph.ts'
import { createStore } from 'zustand/vanilla'
import { equal } from './equal.ts'
import { type History, redo, startHistory, step, undo } from './history.ts'

/** Where the draft stands towards the server. `refused`: the server does not take this graph; the edits stay here. */
export type Saving =
  | { readonly state: 'saved' }
  | { readonly state: 'unsaved' }
  | { readonly state: 'saving' }
  | { readonly state: 'offline' }
  | { readonly state: 'conflict'; readonly theirs: Workflow }
  | { readonly state: 'refused'; readonly message: string }

/** What the server says of the workflow, without its draft. */
export type Head = Omit<Workflow, 'draft' | 'problems'>

export interface Document {
  readonly head: Head
  readonly history: History
  readonly problems: readonly Problem[]
  /** The draft as the server has it: when it is the present graph, all is saved. */
  readonly savedGraph: Graph
  readonly saving: Saving
  /** Applies a command. `name`: see `history.step`. */
  readonly change: (command: (graph: Graph) => Graph, name?: string) => void
  readonly undo: () => void
  readonly redo: () => void
  /**
   * Takes what the server says after a save: its head and problems, and the graph that was saved. The server puts
   * references where secrets were typed as text: they take the text's place here too.
   */
  readonly saved: (workflow: Workflow, graph: Graph) => void
  /** Takes another's draft in place of this one, as a step that can be undone. */
  readonly take: (workflow: Workflow) => void
  /** Takes what somebody saved elsewhere, unless there are edits here: those are for a save to settle. */
  readonly follow: (workflow: Workflow) => void
  /** Takes a changed head (name, enabled, version, URL) without touching the draft. */
  readonly updateHead: (head: Partial<Head>) => void
  readonly setSaving: (saving: Saving) => void
}

export type DocumentStore = ReturnType<typeof createDocument>

const headOf = ({ draft: _draft, problems: _problems, ...head }: Workflow): Head => head

export const createDocument = (workflow: Workflow, now: () => number = () => performance.now()) =>
  createStore<Document>()((set, get) => ({
    head: headOf(workflow),
    history: startHistory(workflow.draft),
    problems: workflow.problems,
    savedGraph: workflow.draft,
    saving: { state: 'saved' },
    change: (command, name) =>
      set(({ history }) => ({ history: step(history, command(history.present), now(), name) })),
    undo: () => set(({ history }) => ({ history: undo(history) })),
    redo: () => set(({ history }) => ({ history: redo(history) })),
    saved: (saved, graph) =>
      set(({ history }) => {
        const savedGraph = equal(saved.draft, graph) ? graph : saved.draft
        return {
          head: headOf(saved),
          problems: saved.problems,
          savedGraph,
          ...(history.present === graph && { history: { ...history, present: savedGraph } }),
        }
      }),
    take: (theirs) =>
      set(({ history }) => ({
        head: headOf(theirs),
        problems: theirs.problems,
        savedGraph: theirs.draft,
        history: step(history, theirs.draft, now()),
        saving: { state: 'saved' },
      })),
    follow: (newer) => {
      const { head, history, savedGraph, saving, take } = get()
      if (saving.state === 'conflict' && newer.revision > saving.theirs.revision) {
        return set({ saving: { state: 'conflict', theirs: newer } })
      }
      const isOlder = newer.revision < head.revision
      if (isOlder || saving.state !== 'saved' || history.present !== savedGraph) return
      if (equal(newer.draft, savedGraph)) set({ head: headOf(newer), problems: newer.problems })
      else if (newer.revision > head.revision) take(newer)
    },
    updateHead: (change) => set(({ head }) => ({ head: { ...head, ...change } })),
    setSaving: (saving) => set({ saving }),
  }))

/** The graph as it stands. */
export const graphOf = ({ history }: Document): Graph => history.present
