import { ToggleGroup } from 'radix-ui'
import { useWorkflowSearch } from './search.ts'

const choices = [
  { id: 'draft', label: 'Draft' },
  { id: 'production', label: 'Production' },
] as const

/** What the canvas shows: the draft, or the published graph with what happened on it. */
export function ShowChoice({ shown = 'draft' }: { readonly shown: 'production' | 'draft' | undefined }) {
  const setSearch = useWorkflowSearch()
  return (
    <ToggleGroup.Root
      type="single"
      value={shown}
      onValueChange={(value) => {
        if (value !== '') setSearch({ show: value === 'production' ? 'production' : undefined })
      }}
      aria-label="What the canvas shows"
      className="flex h-8 shrink-0 items-center rounded-md bg-surface-2 p-0.5"
    >
      {choices.map(({ id, label }) => (
        <ToggleGroup.Item
          key={id}
          value={id}
          className="h-7 rounded-sm px-2.5 text-sm text-text-2 hover:text-text-1 data-[state=on]:bg-surface-1 data-[state=on]:font-medium data-[state=on]:text-text-1 data-[state=on]:outline data-[state=on]:-outline-offset-1 data-[state=on]:outline-line focus-visible:!outline-2 focus-visible:!outline-accent"
        >
          {label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
