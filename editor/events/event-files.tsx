/** The files that came in a multipart body, each to be saved: the message only names them. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import type { Event } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { saveFile } from '../parts/save-file.ts'
import { Trouble } from '../parts/states.tsx'
import { visible } from '../parts/visible-text.ts'
import { bytes } from '../parts/words.ts'
import { Section } from './detail.tsx'

const isMultipart = ({ headers }: Event): boolean =>
  headers.some(({ name, value }) => /^content-type$/i.test(name) && /^multipart\/form-data/i.test(value))

export function EventFiles({ event }: { readonly event: Event }) {
  const { id } = event
  const { data, error } = useQuery({
    queryKey: ['event-files', id],
    queryFn: () => client.eventFiles(id),
    enabled: isMultipart(event),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const save = useMutation({
    mutationFn: async ({ file, name }: { readonly file: number; readonly name: string }) =>
      saveFile(name, await client.eventFile(id, file)),
  })
  if (error === null && (data === undefined || data.items.length === 0)) return null
  return (
    <Section title="Files">
      <Trouble error={error ?? save.error} />
      <ul className="overflow-hidden rounded-lg border bg-surface-1">
        {data?.items.map(({ file, name, filename, contentType, bytes: size }) => {
          const shown = filename === '' ? name : filename
          return (
            <li key={file} className="flex h-10 items-center gap-3 border-b px-4 text-sm last:border-0">
              <span className="min-w-0 truncate" title={visible(shown)}>
                {visible(shown)}
              </span>
              <span className="truncate text-xs text-text-3">{visible(contentType)}</span>
              <span className="ml-auto shrink-0 text-text-2 tabular-nums">{bytes(size)}</span>
              <Button
                look="quiet"
                size="sm"
                icon={<Download className="size-3.5" aria-hidden />}
                onClick={() => save.mutate({ file, name: shown })}
                aria-label={`Save ${visible(shown)}`}
              >
                Save
              </Button>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
