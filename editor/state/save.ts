/**
 * Saves the draft as it changes. One save is under way at a time and says which revision it is based on, so that nobody's
 * edit is overwritten; what changes meanwhile is saved next. Offline the edits wait here, and in this browser's storage
 * should the page be closed.
 */
import type { ChangeWorkflow, Workflow } from '../../nodes/contract/api.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { type DocumentStore, type Saving, graphOf } from './document.ts'

/** What a save came to. Anything else that is thrown is a refusal. */
export type SaveResult =
  | { readonly kind: 'saved'; readonly workflow: Workflow }
  | { readonly kind: 'conflict'; readonly theirs: Workflow }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'refused'; readonly message: string }

export interface SaverOptions {
  readonly save: (id: string, change: ChangeWorkflow) => Promise<SaveResult>
  /** Where edits are kept that the server does not have yet; `localStorage` in a browser. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
}

export interface Saver {
  /** Saves what is not saved now, without waiting for a pause. */
  flush(): Promise<void>
  /** Overwrites what somebody else saved: the person chose to. */
  keepMine(): Promise<void>
  stop(): void
}

/** After the last change; a word is typed in one save. */
const pauseMs = 600
const retryMs = 3_000

const keyOf = (id: string) => `hookloom.draft.${id}`

/** Edits that an earlier page could not save; `undefined` when there are none. */
export function keptDraft(
  storage: SaverOptions['storage'],
  id: string,
): { readonly revision: number; readonly graph: Graph } | undefined {
  const text = storage.getItem(keyOf(id))
  return text === null ? undefined : (JSON.parse(text) as { revision: number; graph: Graph })
}

export function startSaving(document: DocumentStore, { save, storage }: SaverOptions): Saver {
  let timer: ReturnType<typeof setTimeout> | undefined
  let underWay: Promise<void> | undefined
  let stopped = false
  const { id } = document.getState().head

  const isSaved = () => graphOf(document.getState()) === document.getState().savedGraph
  const set = (saving: Saving) => document.getState().setSaving(saving)
  const later = (ms: number) => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(() => void flush(), ms)
  }

  const once = async (based: 'on its revision' | 'on nothing') => {
    const { head } = document.getState()
    const graph = graphOf(document.getState())
    set({ state: 'saving' })
    const result = await save(id, {
      graph,
      ...(based === 'on its revision' && { revision: head.revision }),
    })
    switch (result.kind) {
      case 'saved':
        document.getState().saved(result.workflow, graph)
        if (isSaved()) {
          storage.removeItem(keyOf(id))
          set({ state: 'saved' })
        } else later(pauseMs)
        return
      case 'conflict':
        return set({ state: 'conflict', theirs: result.theirs })
      case 'unreachable':
        set({ state: 'offline' })
        return later(retryMs)
      case 'refused':
        return set({ state: 'refused', message: result.message })
    }
  }
  const run = (based: Parameters<typeof once>[0]): Promise<void> =>
    (underWay ??= once(based).finally(() => (underWay = undefined)))

  async function flush(): Promise<void> {
    clearTimeout(timer)
    await underWay
    if (!isSaved() && document.getState().saving.state !== 'conflict') await run('on its revision')
  }

  const unsubscribe = document.subscribe((now, before) => {
    if (now.history.present === before.history.present || isSaved()) return
    storage.setItem(keyOf(id), JSON.stringify({ revision: now.head.revision, graph: now.history.present }))
    if (now.saving.state === 'conflict') return
    if (now.saving.state !== 'offline') set({ state: 'unsaved' })
    later(pauseMs)
  })

  return {
    flush,
    async keepMine() {
      await underWay
      await run('on nothing')
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      unsubscribe()
    },
  }
}
