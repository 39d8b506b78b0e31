/** Runs the draft on the sample, for real or with nothing sent; the run is then shown. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ChevronDown, FlaskConical, Play, Send } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { client } from '../api/client.ts'
import { useSampleInUse } from '../inspector/sample-choice.ts'
import { Button } from '../parts/button.tsx'
import type { Sample } from '../state/sample.ts'
import { useEditing } from './editing.tsx'
import { saved } from './head.ts'
import { useWorkflowSearch } from './search.ts'

type Kind = 'simulated' | 'for real'

export function useTestRun() {
  const editing = useEditing()
  const queries = useQueryClient()
  const sample = useSampleInUse()
  const setSearch = useWorkflowSearch()
  return useMutation({
    mutationFn: async (kind: Kind) => {
      await saved(editing)
      const on =
        sample && (sample.kind === 'event' ? { eventId: sample.event.id } : { message: sample.message })
      const { id } = editing.document.getState().head
      return client.test(id, { ...on, simulate: kind === 'simulated' })
    },
    onSuccess: ({ id }) => {
      setSearch({ run: id })
      void queries.invalidateQueries({ queryKey: ['runs'] })
    },
  })
}

export function TestRun({ test }: { readonly test: ReturnType<typeof useTestRun> }) {
  const sample = useSampleInUse()
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button icon={<Play className="size-3.5" aria-hidden />} busy={test.isPending}>
          Test
          <ChevronDown className="-mr-1 size-3.5 text-text-3" aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          // Clear of the line under the bar that the button stands in.
          sideOffset={12}
          className="z-50 w-80 rounded-lg border bg-surface-1 p-1 shadow-float"
        >
          <DropdownMenu.Label className="truncate px-2 py-1.5 text-xs text-text-3">
            Run the draft on {nameOf(sample)}
          </DropdownMenu.Label>
          <Choice
            icon={<FlaskConical />}
            title="Simulate"
            about="Every node runs; outbound calls are made up."
            onSelect={() => test.mutate('simulated')}
          />
          <Choice
            icon={<Send />}
            title="Run for real"
            about="Requests are sent to their targets."
            onSelect={() => test.mutate('for real')}
          />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

const nameOf = (sample: Sample | undefined): string => {
  if (sample === undefined) return 'an empty message'
  return sample.kind === 'message' ? sample.title : `the event ${sample.event.type ?? sample.event.method}`
}

interface ChoiceProps {
  readonly icon: ReactNode
  readonly title: string
  readonly about: string
  readonly onSelect: () => void
}

const Choice = ({ icon, title, about, onSelect }: ChoiceProps) => (
  <DropdownMenu.Item
    onSelect={onSelect}
    className="flex cursor-pointer gap-2.5 rounded-md px-2 py-1.5 outline-none data-highlighted:bg-surface-2"
  >
    <span className="mt-0.5 text-text-3 [&_svg]:size-4" aria-hidden>
      {icon}
    </span>
    <span className="flex flex-col">
      <span className="text-sm font-medium">{title}</span>
      <span className="text-xs text-text-2">{about}</span>
    </span>
  </DropdownMenu.Item>
)
