/** The body of a request or of an answer, as what it says it is: JSON, a form, text, or bytes. */
import { Download } from 'lucide-react'
import { useMemo } from 'react'
import type { Json } from '../../nodes/contract/json.ts'
import { Button } from './button.tsx'
import { Copy } from './copy.tsx'
import { HeadersTable } from './headers-table.tsx'
import { JsonTree } from './json-tree.tsx'
import { LongText } from './long-text.tsx'
import { bytes as sizeOf } from './words.ts'

interface BodyViewProps {
  readonly body: Uint8Array | string
  readonly contentType?: string | undefined
  readonly onPick?: (path: string) => void
  readonly label?: string
}

export function BodyView({ body, contentType = '', onPick, label = 'Body' }: BodyViewProps) {
  const read = useMemo(() => readBody(body, contentType), [body, contentType])
  switch (read.kind) {
    case 'empty':
      return <p className="text-sm text-text-3">The body is empty.</p>
    case 'json':
      return <JsonTree value={read.value} label={label} {...(onPick && { onPick })} />
    case 'form':
      return <HeadersTable headers={read.fields} label={label} />
    case 'text':
      return (
        <section aria-label={label}>
          <header className="flex h-8 items-center">
            <h3 className="grow text-xs font-medium text-text-2">{label}</h3>
            <Copy text={read.text} label="Copy the text" />
          </header>
          <LongText text={read.text} />
        </section>
      )
    case 'bytes':
    default:
      return <Bytes bytes={read.bytes} label={label} />
  }
}

type ReadBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'form'; readonly fields: readonly { readonly name: string; readonly value: string }[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }

/** What is labelled wrong is still shown: JSON is told by its form, text by its being UTF-8. */
function readBody(body: Uint8Array | string, contentType: string): ReadBody {
  const text = typeof body === 'string' ? body : decoded(body)
  if (text === undefined) return { kind: 'bytes', bytes: typeof body === 'string' ? new Uint8Array() : body }
  if (text === '') return { kind: 'empty' }
  const json = /json/i.test(contentType) || /^\s*[[{]/.test(text) ? parsed(text) : undefined
  if (json !== undefined) return { kind: 'json', value: json }
  if (!/x-www-form-urlencoded/i.test(contentType)) return { kind: 'text', text }
  const fields = [...new URLSearchParams(text)].map(([name, value]) => ({ name, value }))
  return { kind: 'form', fields }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const bytesShown = 256
const bytesInLine = 16

function Bytes({ bytes, label }: { readonly bytes: Uint8Array; readonly label: string }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([bytes.slice()]))
    const link = Object.assign(document.createElement('a'), { href: url, download: 'body.bin' })
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <section aria-label={label} className="flex flex-col gap-2">
      <header className="flex items-center gap-2 text-xs text-text-2">
        <span className="grow">Not text: {sizeOf(bytes.length)}</span>
        <Button size="sm" look="quiet" icon={<Download className="size-3.5" />} onClick={save}>
          Save as a file
        </Button>
      </header>
      <pre className="overflow-x-auto font-mono text-xs text-text-2" tabIndex={0} aria-label="First bytes">
        {dump(bytes.subarray(0, bytesShown))}
      </pre>
    </section>
  )
}

/** Sixteen bytes a line, in hex and as characters. */
function dump(bytes: Uint8Array): string {
  const lines = Array.from({ length: Math.ceil(bytes.length / bytesInLine) }, (_, line) => {
    const part = [...bytes.subarray(line * bytesInLine, (line + 1) * bytesInLine)]
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const characters = part
      .map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·'))
      .join('')
    return `${hex.padEnd(bytesInLine * 3)} ${characters}`
  })
  return lines.join('\n')
}
