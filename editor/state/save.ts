/**
 * Saves the draft as it changes. One save is under way at a time and says which revision it is based on, so that nobody's
 * edit is overwritten; what changes meanwhile is saved next. Offline the edits wait here, and in this browser's storage
 * should the page be closed.
 *
 *   saved ──edit──► unsaved ──pause──► saving ──► saved, or unsaved again when there was an edit meanwhile
 *                      ▲                 ├─────► offline   tried again by itself
 *                      │                 ├─────► refused   waits for the next edit
 *                      └──the person's───┴─────► conflict  waits for the person's choice
 */
import type { ChangeWorkflow, Workflow } from '../../nodes/contract/api.ts'
import { type Graph, graphSchema } from '../../nodes/contract/graph.ts'
import { type DocumentStore, type Saving, graphOf } from './document.ts'
import { equal } from './equal.ts'

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
  readonly flush: () => Promise<void>
  /** Overwrites what somebody else saved: the person chose to. */
  readonly keepMine: () => Promise<void>
  readonly stop: () => void
}

/** After the last change; a word is typed in one save. */
const pauseMs = 600
const retryMs = 3_000

const keyOf = (id: string) => `hookloom.draft.${id}`

export interface KeptDraft {
  /** What the edits were made to. */
  readonly revision: number
  readonly graph: Graph
}

/** Edits that an earlier page could not save; `undefined` when there are none that can be read. */
export function keptDraft(storage: SaverOptions['storage'], id: string): KeptDraft | undefined {
  const { revision, graph } = parsed(storage.getItem(keyOf(id)))
  const read = graphSchema.safeParse(graph)
  return typeof revision === 'number' && read.success ? { revision, graph: read.data } : undefined
}

function parsed(text: string | null): { readonly revision?: unknown; readonly graph?: unknown } {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

/**
 * Brings edits of an earlier page into the document. Based on the revision that the server has they are simply there, as a
 * step that can be undone; based on an older one they are a conflict, which the person settles.
 */
export function restore(
  document: DocumentStore,
  server: Workflow,
  storage: SaverOptions['storage'],
): 'nothing' | 'restored' | 'conflict' {
  const kept = keptDraft(storage, server.id)
  // The page was closed before it heard that its last save had arrived.
  if (kept === undefined || equal(kept.graph, server.draft)) {
    storage.removeItem(keyOf(server.id))
    return 'nothing'
  }
  const { change, setSaving, updateHead } = document.getState()
  const isNewer = kept.revision < server.revision
  if (isNewer) {
    updateHead({ revision: kept.revision })
    setSaving({ state: 'conflict', theirs: server })
  }
  change(() => kept.graph)
  return isNewer ? 'conflict' : 'restored'
}

export function startSaving(document: DocumentStore, { save, storage }: SaverOptions): Saver {
  let timer: ReturnType<typeof setTimeout> | undefined
  let underWay: Promise<void> | undefined
  let stopped = false
  const { id } = document.getState().head
  const key = keyOf(id)

  const isSaved = () => graphOf(document.getState()) === document.getState().savedGraph
  const set = (saving: Saving) => document.getState().setSaving(saving)
  const later = (ms: number) => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(() => void flush(), ms)
  }
  const keep = () => {
    const { head, history } = document.getState()
    try {
      storage.setItem(key, JSON.stringify({ revision: head.revision, graph: history.present }))
    } catch {
      // The storage is full or forbidden: better no kept draft than one from before the last edit.
      storage.removeItem(key)
    }
  }

  const once = async (based: 'on its revision' | 'on nothing') => {
    const { head } = document.getState()
    const graph = graphOf(document.getState())
    set({ state: 'saving' })
    const result = await save(id, {
      graph,
      ...(based === 'on its revision' && { revision: head.revision }),
    }).catch((error: unknown): SaveResult => ({
      kind: 'refused',
      message: error instanceof Error ? error.message : String(error),
    }))
    switch (result.kind) {
      case 'saved':
        document.getState().saved(result.workflow, graph)
        if (isSaved()) {
          storage.removeItem(key)
          return set({ state: 'saved' })
        }
        // What was edited meanwhile is based on what is saved now.
        keep()
        set({ state: 'unsaved' })
        return later(pauseMs)
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
    const { state } = now.saving
    if (now.history.present === before.history.present) return
    // The end of the save that is under way says what is next.
    if (state === 'saving') return keep()
    if (isSaved()) {
      // Theirs was taken, or everything since the last save was undone.
      storage.removeItem(key)
      clearTimeout(timer)
      if (state !== 'conflict') set({ state: 'saved' })
      return
    }
    keep()
    if (state === 'conflict') return
    if (state !== 'offline') set({ state: 'unsaved' })
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
