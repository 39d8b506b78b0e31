import { isJsonObject } from '../../../nodes/contract/json.ts'
import { nameSource } from '../../../nodes/contract/scheme.ts'
import { providers } from '../../../nodes/providers/index.ts'
import { Input } from '../../parts/input.tsx'
import { type ControlProps, messagesAt } from '../control.ts'
import { Part, describedBy } from '../field-frame.tsx'
import { useOpenNode } from '../open-node.ts'

const places = [
  { name: 'type', label: 'Where its type is' },
  { name: 'version', label: 'Where its version is' },
] as const

/** Where an event says what it is. */
export function Naming({ id, value, onChange, issues }: ControlProps) {
  const { config } = useOpenNode()
  const settings = isJsonObject(value) ? value : {}
  const set = (name: string, text: string) => {
    const given = Object.entries({ ...settings, [name]: text === '' ? undefined : text })
    const left = given.filter(([, each]) => each !== undefined)
    onChange(left.length === 0 ? undefined : Object.fromEntries(left))
  }
  const verification = config['verification']
  const scheme = isJsonObject(verification) ? verification['scheme'] : undefined
  const [own] = (typeof scheme === 'string' ? providers.get(scheme)?.type : undefined) ?? []
  const place = own === undefined || 'whichOf' in own ? 'header:X-Event' : nameSource(own)
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] items-start gap-3">
      {places.map(({ name, label }, at) => {
        const input = at === 0 ? id : `${id}-${name}`
        const saved = settings[name]
        return (
          <Part key={name} id={input} label={label} messages={messagesAt(issues, name)}>
            <Input
              id={input}
              value={typeof saved === 'string' ? saved : ''}
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => set(name, target.value.trim())}
              placeholder={name === 'type' ? place : 'body:version'}
              aria-describedby={describedBy(id)}
              className="font-mono"
            />
          </Part>
        )
      })}
    </div>
  )
}
