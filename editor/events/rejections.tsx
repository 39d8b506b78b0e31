/** Everything that was refused: why, and what to change so that the next one is let in. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronRight, CircleCheck, CircleSlash, X } from 'lucide-react'
import { useState } from 'react'
import type { Rejection } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { Ago } from '../parts/ago.tsx'
import { Button } from '../parts/button.tsx'
import { classes } from '../parts/classes.ts'
import { Page } from '../parts/page.tsx'
import { Empty } from '../parts/states.tsx'
import { visible } from '../parts/visible-text.ts'
import { count } from '../parts/words.ts'
import { Choice, WorkflowFilter } from './filters.tsx'
import { InboxNav } from './inbox.tsx'
import { useLiveList } from './live-list.ts'
import { reasonCodes, reasonOf } from './reasons.ts'
import { RejectionDetails } from './rejection.tsx'
import { type ListSearchChange, changed, isFiltered } from './search.ts'
import { type Column, ListTable, aboveRow, cellLook, rowLink, rowLook } from './table.tsx'
import { useWorkflows } from './workflow-names.ts'

/** It takes no room on a narrow page, and stays a column: the details span all of them. */
const narrow = 'max-lg:invisible max-lg:w-0 max-lg:px-0'

const columns: readonly Column[] = [
  { label: 'Refused', look: 'w-32' },
  { label: 'Reason' },
  { label: 'Workflow' },
  { label: 'Request', look: narrow },
  { label: 'Answer', look: classes('w-24', narrow) },
  { label: 'Accepted', look: 'w-32' },
]

const reasonOptions = reasonCodes
  .map((value) => ({ value, label: reasonOf(value) }))
  .toSorted((a, b) => a.label.localeCompare(b.label))

const acceptedOptions = [
  { value: 'false', label: 'Not accepted' },
  { value: 'true', label: 'By hand' },
]
const acceptedOf = (text: string | undefined): 'true' | 'false' | undefined =>
  text === 'true' || text === 'false' ? text : undefined

export function Rejections() {
  const search = useSearch({ from: '/frame/rejected' })
  const navigate = useNavigate({ from: '/rejected' })
  const change = (to: ListSearchChange) =>
    void navigate({ search: (before) => changed(before, to), replace: true })
  const workflows = useWorkflows()
  const list = useLiveList({
    name: 'rejections',
    filter: {
      workflowId: search.workflow,
      reason: search.reason,
      ip: search.ip,
      accepted: acceptedOf(search.accepted),
    },
    read: client.rejections,
  })
  return (
    <Page
      title="Rejected requests"
      bar={
        <>
          <InboxNav workflow={search.workflow} />
          <WorkflowFilter value={search.workflow} onChange={(workflow) => change({ workflow })} />
          <Choice
            label="Reason"
            all="Any reason"
            options={reasonOptions}
            value={search.reason}
            onChange={(reason) => change({ reason })}
            widest="max-w-72"
          />
          <Choice
            label="Accepted"
            all="Accepted or not"
            options={acceptedOptions}
            value={search.accepted}
            onChange={(accepted) => change({ accepted })}
            widest="max-w-44"
          />
          {search.ip !== undefined && (
            <Button icon={<X className="size-3.5" aria-hidden />} onClick={() => change({ ip: undefined })}>
              From {search.ip}
            </Button>
          )}
        </>
      }
    >
      <ListTable
        label="Rejected requests"
        noun="rejection"
        columns={columns}
        list={list}
        empty={<NoRejections isFiltered={isFiltered(search)} />}
        row={(rejection) => (
          <RejectionRow
            key={rejection.id}
            rejection={rejection}
            workflow={workflows?.get(rejection.workflowId)?.name}
          />
        )}
      />
    </Page>
  )
}

interface RejectionRowProps {
  readonly rejection: Rejection
  readonly workflow: string | undefined
}

function RejectionRow({ rejection, workflow }: RejectionRowProps) {
  const [isOpen, setOpen] = useState(false)
  const { id, at, kind, reason, method, path, status, acceptedAs, times } = rejection
  return (
    <>
      <tr className={classes(rowLook, isOpen && 'border-b-0 bg-surface-2')}>
        <td className={classes(cellLook, 'text-text-2')}>
          <span className={aboveRow}>
            <Ago at={at} />
          </span>
        </td>
        <td className={cellLook}>
          <button
            type="button"
            data-row
            aria-expanded={isOpen}
            aria-controls={`details-${id}`}
            onClick={() => setOpen(!isOpen)}
            className={classes(rowLink, 'flex max-w-full items-center gap-1.5 font-medium')}
          >
            <ChevronRight
              aria-hidden
              className={classes(
                'size-4 shrink-0 text-text-3 transition-transform duration-150',
                isOpen && 'rotate-90',
              )}
            />
            <span className="truncate">{reasonOf(reason)}</span>
            {times > 1 && <span className="shrink-0 font-normal text-text-3">× {count(times)}</span>}
            {kind === 'test' && <span className="shrink-0 text-xs font-normal text-text-3">Test</span>}
          </button>
        </td>
        <td className={classes(cellLook, 'text-text-2')}>{workflow ?? 'Deleted workflow'}</td>
        <td className={classes(cellLook, 'font-mono text-xs text-text-2', narrow)}>
          {visible(`${method} ${path === '' ? '/' : path}`)}
        </td>
        <td className={classes(cellLook, 'text-text-2 tabular-nums', narrow)}>{status}</td>
        <td className={cellLook}>
          {acceptedAs !== null && (
            <span className="flex items-center gap-1.5 text-ok">
              <CircleCheck className="size-4" aria-hidden />
              By hand
            </span>
          )}
        </td>
      </tr>
      {isOpen && (
        <tr id={`details-${id}`} className="border-b bg-surface-1">
          <td colSpan={columns.length} className="px-6 pt-4 pb-5">
            <RejectionDetails rejection={rejection} />
          </td>
        </tr>
      )}
    </>
  )
}

const NoRejections = ({ isFiltered }: { readonly isFiltered: boolean }) =>
  isFiltered ? (
    <Empty
      icon={<CircleSlash />}
      title="No rejection fits"
      action={
        <Link to="/rejected" className="text-accent underline underline-offset-2">
          Show all rejections
        </Link>
      }
    >
      Nothing that was refused matches all of these filters.
    </Empty>
  ) : (
    <Empty icon={<CircleSlash />} title="Nothing was refused">
      A request that is not let in, because its signature does not match or its body cannot be read, appears
      here with the reason and what to change. What was refused by mistake can be accepted by hand.
    </Empty>
  )
