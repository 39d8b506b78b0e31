/** The bytes that came: as the JSON that they are, as text, or one by one. Nothing in them is obeyed. */
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { Event, Rejection } from '../../nodes/contract/api.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { classes } from '../parts/classes.ts'
import { HexView } from './hex-view.tsx'
import { JsonTree } from '../parts/json-tree.tsx'
import { LongText } from '../parts/long-text.tsx'
import { saveFile } from '../parts/save-file.ts'
import { Skeleton, Trouble } from '../parts/states.tsx'
import { bytes as size } from '../parts/words.ts'
import { Section } from './detail.tsx'

/** A larger one is fetched only when somebody wants to see it. */
const atOnceMax = 1_000_000

export const EventBody = ({ event: { id, bodyBytes } }: { readonly event: Event }) => (
  <Fetched queryKey={['event-body', id]} bytes={bodyBytes} fetch={() => client.eventBody(id)} />
)

/** What is kept of it: of a long one, the start. */
export const RejectionBody = ({ rejection: { id, bodyBytes } }: { readonly rejection: Rejection }) => (
  <Fetched
    queryKey={['rejection-body', id]}
    bytes={Math.min(bodyBytes, atOnceMax)}
    fetch={() => client.rejectionBody(id)}
  />
)

interface FetchedProps {
  readonly queryKey: readonly string[]
  readonly bytes: number
  readonly fetch: () => Promise<Uint8Array>
}

function Fetched({ queryKey, bytes, fetch }: FetchedProps) {
  const [isWanted, setWanted] = useState(bytes <= atOnceMax)
  const { data, error } = useQuery({
    queryKey,
    queryFn: fetch,
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (data !== undefined) return <Body bytes={data} />
  return (
    <Section title="Body" aside={<Size>{size(bytes)}</Size>}>
      {error !== null && <Trouble error={error} />}
      {error === null && isWanted && <Skeleton rows={4} />}
      {!isWanted && <Button onClick={() => setWanted(true)}>Load {size(bytes)}</Button>}
    </Section>
  )
}

const Size = ({ children }: { readonly children: ReactNode }) => (
  <span className="text-xs text-text-3 tabular-nums">{children}</span>
)

type View = 'json' | 'text' | 'hex'
const viewNames: Readonly<Record<View, string>> = { json: 'JSON', text: 'Raw', hex: 'Hex' }

function Body({ bytes }: { readonly bytes: Uint8Array }) {
  const read = useMemo(() => readBody(bytes), [bytes])
  const views: readonly View[] = read.json === undefined ? ['text', 'hex'] : ['json', 'text', 'hex']
  const [chosen, setChosen] = useState<View>()
  const view = chosen ?? (read.isText ? (views[0] ?? 'text') : 'hex')
  if (bytes.length === 0)
    return (
      <Section title="Body">
        <p className="text-sm text-text-2">This request came without a body.</p>
      </Section>
    )
  return (
    <Section
      title="Body"
      aside={
        <>
          <Size>{size(bytes.length)}</Size>
          <span className="ml-auto flex items-center gap-1">
            <Button
              look="quiet"
              size="sm"
              icon={<Download className="size-3.5" />}
              onClick={() => saveFile('body', bytes)}
            >
              Save
            </Button>
            <fieldset className="flex gap-0.5 rounded-md bg-surface-2 p-0.5">
              <legend className="sr-only">Show the body as</legend>
              {views.map((each) => (
                <button
                  key={each}
                  type="button"
                  aria-pressed={each === view}
                  onClick={() => setChosen(each)}
                  className={classes(
                    'h-6 rounded-sm px-2 text-xs text-text-2 hover:text-text-1',
                    each === view && 'bg-surface-1 font-medium text-text-1 shadow-[0_0_0_1px_var(--line)]',
                  )}
                >
                  {viewNames[each]}
                </button>
              ))}
            </fieldset>
          </span>
        </>
      }
    >
      <div className="overflow-hidden rounded-lg border bg-surface-1 px-4 py-2">
        {view === 'json' && read.json !== undefined && (
          // The tree's own buttons stand beside its first line: it has no label to stand beside.
          <div className="relative [&>*>header]:absolute [&>*>header]:top-0 [&>*>header]:right-0">
            <JsonTree value={read.json.value} />
          </div>
        )}
        {view === 'text' && <LongText text={read.text} className="py-1 text-text-1" />}
        {view === 'hex' && <HexView bytes={bytes} />}
      </div>
    </Section>
  )
}

interface ReadBody {
  readonly text: string
  readonly isText: boolean
  readonly json: { readonly value: Json } | undefined
}

/** What the headers say of it is not asked: JSON is told by its being JSON, text by its being UTF-8. */
function readBody(bytes: Uint8Array): ReadBody {
  const text = new TextDecoder().decode(bytes)
  const isText = !text.includes('\uFFFD') && !text.includes('\0')
  return { text, isText, json: isText ? parsed(text) : undefined }
}

function parsed(text: string): ReadBody['json'] {
  try {
    return { value: JSON.parse(text) as Json }
  } catch {
    return undefined
  }
}
