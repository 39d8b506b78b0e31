import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import type { Case } from '../../../nodes/contract/field.ts'
import { client } from '../../api/client.ts'
import { Button } from '../../parts/button.tsx'
import { visible } from '../../parts/visible-text.ts'
import { useDocument } from '../../workflows/editing.tsx'
import { addTypeCase } from './ports.ts'

/** What is looked through, and what is offered of it. */
const eventsMax = 200
const offersMax = 8

interface TypeOffersProps {
  readonly cases: readonly Case[]
  readonly onChange: (cases: readonly Case[]) => void
}

/** Types of events that have come and that no case asks for yet: one press makes the case. */
export function TypeOffers({ cases, onChange }: TypeOffersProps) {
  const workflowId = useDocument(({ head }) => head.id)
  const { data } = useQuery({
    queryKey: ['event-types', workflowId],
    queryFn: () => client.events({ workflowId, limit: eventsMax }),
  })
  const types = new Set(data?.items.flatMap(({ type }) => type ?? []))
  const open = [...types].filter(
    (type) => !cases.some(({ condition }) => condition.includes(JSON.stringify(type))),
  )
  if (open.length === 0) return null
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <span className="text-xs text-text-2">Types that came:</span>
      {open.slice(0, offersMax).map((type) => (
        <Button
          key={type}
          size="sm"
          icon={<Plus className="size-3.5" aria-hidden />}
          onClick={() => onChange(addTypeCase(cases, type))}
          className="max-w-full font-mono"
        >
          <span className="truncate">{visible(type)}</span>
        </Button>
      ))}
    </div>
  )
}
