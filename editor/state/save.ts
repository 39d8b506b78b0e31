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
  /** Where edits are kept that the server does not have yet; `localStorage` in a browser, which all pages share. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>
  /** Which page this is, unlike any other: two pages with edits of one workflow keep them apart. */
  readonly page: string
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

const keysOf = (id: string) => `hookloom.draft.${id}.`

export interface KeptDraft {
  readonly key: string
  /** What the edits were made to. */
  readonly revision: number
  readonly graph: Graph
}

/** Edits of a workflow that pages could not save, those to the newest revision first. What cannot be read is dropped. */
export function keptDrafts(storage: SaverOptions['storage'], id: string): readonly KeptDraft[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
  return keys
    .filter((key) => key.startsWith(keysOf(id)))
    .flatMap((key) => {
      const { revision, graph } = parsed(storage.getItem(key))
      const read = graphSchema.safeParse(graph)
      if (typeof revision === 'number' && read.success) return { key, revision, graph: read.data }
      storage.removeItem(key)
      return []
    })
    .toSorted((a, b) => b.revision - a.revision)
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
 * step that can be undone; based on an older one they are a conflict, which the person settles. Where several pages left
 * edits, the others wait for the next time. (A page that is still open loses nothing: it has its edits, and now there are
 * two that keep them.)
 */
export function restore(
  document: DocumentStore,
  server: Workflow,
  storage: SaverOptions['storage'],
): 'nothing' | 'restored' | 'conflict' {
  const [kept] = keptDrafts(storage, server.id).filter(({ key, graph }) => {
    // The page was closed before it heard that its last save had arrived.
    const isSaved = equal(graph, server.draft)
    if (isSaved) storage.removeItem(key)
    return !isSaved
  })
  if (kept === undefined) return 'nothing'
  const { change, setSaving, updateHead } = document.getState()
  const isNewer = kept.revision < server.revision
  if (isNewer) {
    updateHead({ revision: kept.revision })
    setSaving({ state: 'conflict', theirs: server })
  }
  // From here on this page keeps it.
  change(() => kept.graph)
  storage.removeItem(kept.key)
  return isNewer ? 'conflict' : 'restored'
}

export function startSaving(document: DocumentStore, { save, storage, page }: SaverOptions): Saver {
  let timer: ReturnType<typeof setTimeout> | undefined
  let underWay: Promise<void> | undefined
  let stopped = false
  const { id } = document.getState().head
  const key = keysOf(id) + page

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

  /** The server has the graph. */
  const taken = (workflow: Workflow, graph: Graph) => {
    document.getState().saved(workflow, graph)
    if (isSaved()) {
      storage.removeItem(key)
      return set({ state: 'saved' })
    }
    // What was edited meanwhile is based on what is saved now.
    keep()
    set({ state: 'unsaved' })
    later(pauseMs)
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
        return taken(result.workflow, graph)
      case 'conflict':
        // Two pages that had the same edits: there is nothing to choose between.
        if (equal(result.theirs.draft, graph)) return taken(result.theirs, graph)
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
