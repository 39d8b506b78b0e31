import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { isCidr } from '../../../nodes/contract/address.ts'
import { isJsonObject } from '../../../nodes/contract/json.ts'
import { providers } from '../../../nodes/providers/index.ts'
import { senderNetworks } from '../../../nodes/sender-networks.ts'
import { client } from '../../api/client.ts'
import { Button } from '../../parts/button.tsx'
import { TextArea } from '../../parts/input.tsx'
import { visible } from '../../parts/visible-text.ts'
import type { ControlProps } from '../control.ts'
import { Messages, describedBy } from '../field-frame.tsx'
import { useOpenNode } from '../open-node.ts'
import { useDraft } from './draft.ts'

const linesOf = (text: string): readonly string[] =>
  text
    .split(/[\n,;]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

const read = (text: string): readonly string[] | undefined => {
  const lines = linesOf(text)
  return lines.length === 0 ? undefined : lines
}

/** Networks, one a line. */
export function Addresses({ id, value, onChange }: ControlProps) {
  const list = Array.isArray(value) && value.length > 0 ? value.map(String) : undefined
  const [text, setText] = useDraft<readonly string[]>(list, onChange, {
    read,
    write: (lines) => lines.join('\n'),
  })
  const wrong = linesOf(text).filter((line) => !isCidr(line))
  return (
    <>
      <TextArea
        id={id}
        rows={Math.min(8, Math.max(2, text.split('\n').length))}
        spellCheck={false}
        value={text}
        onChange={({ target }) => setText(target.value)}
        placeholder={'192.0.2.0/24\n2001:db8::/32'}
        aria-describedby={describedBy(id)}
        aria-invalid={wrong.length > 0}
        className="font-mono"
      />
      <Messages
        messages={wrong.slice(0, 3).map((line) => `“${line}” is no network: it looks like 192.0.2.0/24.`)}
      />
      <Offers given={list ?? []} onAdd={(more) => onChange([...(list ?? []), ...more])} />
    </>
  )
}

interface OffersProps {
  readonly given: readonly string[]
  readonly onAdd: (networks: readonly string[]) => void
}

/** What there is to add: the sender's own networks, and the address at which the server sees this browser. */
function Offers({ given, onAdd }: OffersProps) {
  const { config } = useOpenNode()
  const { data: seen } = useQuery({ queryKey: ['address'], queryFn: client.address })
  const verification = config['verification']
  const scheme = isJsonObject(verification) ? verification['scheme'] : undefined
  const provider = typeof scheme === 'string' ? providers.get(scheme) : undefined
  const known = provider && senderNetworks[provider.id]
  const missing = known?.networks.filter((each) => !given.includes(each)) ?? []
  return (
    <div className="flex flex-col items-start gap-1.5 text-xs text-text-2">
      {provider && known && missing.length > 0 && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Button size="sm" icon={<Plus className="size-3.5" aria-hidden />} onClick={() => onAdd(missing)}>
            {provider.title}’s {missing.length} networks
          </Button>
          <span>
            As of {known.asOf};{' '}
            <a
              href={known.link}
              target="_blank"
              rel="noreferrer"
              className="text-accent underline underline-offset-2"
            >
              its list of today
            </a>
            .
          </span>
        </p>
      )}
      {seen !== undefined && (
        <p>
          The server sees you at <code className="text-text-1">{seen.address}</code>
          {seen.proxy !== null && (
            <>
              , behind <code>{seen.proxy}</code>
            </>
          )}
          .
          {seen.ignored !== null && (
            <span className="text-wait">
              {' '}
              That is a proxy which says that it forwards for <code>{visible(seen.ignored)}</code>. Name it in
              HOOKLOOM_TRUST_PROXY, or every sender is seen at its address.
            </span>
          )}
        </p>
      )}
    </div>
  )
}
