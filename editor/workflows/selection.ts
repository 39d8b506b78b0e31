/** The one selected node is in the URL (`?node=`): a link shows it, and going back shows the page before. */
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { selectedNode } from '../state/canvas.ts'
import { graphOf } from '../state/document.ts'
import type { WorkflowSearch } from '../routes.tsx'
import { useEditing } from './editing.tsx'

/** Keeps URL and selection the same, whichever changed last; the id of the selected node. */
export function useSelectionInUrl(): string | undefined {
  const { document, canvas } = useEditing()
  const router = useRouter()
  const navigate = useNavigate({ from: '/workflows/$id' })
  const named = useSearch({ from: '/frame/workflows/$id', select: ({ node }) => node })

  useEffect(() => {
    const current = () => selectedNode(graphOf(document.getState()).nodes, canvas.getState().selected)
    // A URL that a later selection has overtaken selects nothing any more.
    const isLatest = (router.latestLocation.search as WorkflowSearch).node === named
    if (!isLatest || current() === named) return
    canvas.getState().select(named === undefined ? [] : [named])
  }, [document, canvas, router, named])

  useEffect(
    () =>
      canvas.subscribe(({ selected }, before) => {
        if (selected === before.selected) return
        const node = selectedNode(graphOf(document.getState()).nodes, selected)
        void navigate({
          to: '.',
          replace: true,
          resetScroll: false,
          search: ({ node: _before, ...rest }: WorkflowSearch) =>
            node === undefined ? rest : { ...rest, node },
        })
      }),
    [document, canvas, navigate],
  )

  const nodes = useStore(document, (state) => graphOf(state).nodes)
  return useStore(canvas, ({ selected }) => selectedNode(nodes, selected))
}
