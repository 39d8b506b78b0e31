/** A workflow is opened once for as long as its page is there. */
import type { QueryClient } from '@tanstack/react-query'
import type { Workflow } from '../../nodes/contract/api.ts'
import { tell } from '../parts/tell.ts'
import { createCanvas } from '../state/canvas.ts'
import { createDocument } from '../state/document.ts'
import { createSample } from '../state/sample.ts'
import { restore, startSaving } from '../state/save.ts'
import type { Editing } from './editing.tsx'
import { saveWith } from './saving.ts'

/** Unlike that of any other page of this browser. */
const newPage = () => `${performance.timeOrigin.toString(36)}${Math.random().toString(36).slice(2)}`

/** Edits that an earlier page could not save are in it, see `restore`. */
export function openWorkflow(workflow: Workflow, queries: QueryClient): Editing {
  const document = createDocument(workflow)
  const saver = startSaving(document, { save: saveWith(queries), storage: localStorage, page: newPage() })
  if (restore(document, workflow, localStorage) === 'restored') {
    void tell('Your edits from the last time are back.', {
      action: { label: 'Undo', onClick: () => document.getState().undo() },
    })
  }
  return { document, saver, sample: createSample(), canvas: createCanvas() }
}

/** Saves at once when the page goes away, and as soon as the network is back; ends with what is not saved kept here. */
export function keepSaving({ saver }: Editing): () => void {
  const flush = () => void saver.flush()
  addEventListener('online', flush)
  addEventListener('pagehide', flush)
  return () => {
    removeEventListener('online', flush)
    removeEventListener('pagehide', flush)
    flush()
    saver.stop()
  }
}
