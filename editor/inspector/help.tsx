import { ArrowRight, CornerDownRight, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { Fields } from '../../nodes/contract/field.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { type Example, portsOf } from '../../nodes/contract/node.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { Button } from '../parts/button.tsx'
import { dropLooseEdges, replaceConfig } from '../state/commands.ts'
import { useEditing } from '../workflows/editing.tsx'
import { useOpenNode } from './open-node.ts'
import { pretty } from './pretty.ts'

/** The words of the node type, and examples that can be loaded. */
export function Help() {
  const { type, config } = useOpenNode()
  const ports = Object.entries(portsOf(type, config))
  const fields = Object.entries(type.fields as Fields)
  const failurePort: string | undefined = type.failurePort
  return (
    <div className="flex flex-col gap-6 px-4 pt-4 pb-8">
      <p className="text-base text-text-1">{type.summary}</p>
      <Section title="Ways out">
        <ul className="flex flex-col gap-1.5">
          {ports.map(([id, label]) => (
            <li key={id} className="flex items-baseline gap-2 text-sm">
              <CornerDownRight className="size-3.5 shrink-0 translate-y-0.5 text-text-3" aria-hidden />
              <span className="font-medium text-text-1">{label}</span>
              {label !== id && <code className="text-xs text-text-3">{id}</code>}
              {id === failurePort && (
                <span className="text-xs text-text-2">Unconnected, a failure ends the run as failed.</span>
              )}
            </li>
          ))}
        </ul>
      </Section>
      {fields.length > 0 && (
        <Section title="Settings">
          <dl className="flex flex-col gap-3">
            {fields.map(([name, { label, help = '' }]) => (
              <div key={name}>
                <dt className="flex items-baseline gap-2 text-sm font-medium text-text-1">
                  {label} <code className="text-xs font-normal text-text-3">{name}</code>
                </dt>
                <dd className="text-sm text-text-2">{help}</dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
      <Section title="Examples">
        <ul className="flex flex-col gap-4">
          {(type.examples as readonly Example[]).map((example) => (
            <ExampleCard key={example.title} example={example} />
          ))}
        </ul>
      </Section>
    </div>
  )
}

const Section = ({ title, children }: { readonly title: string; readonly children: React.ReactNode }) => (
  <section className="flex flex-col gap-2">
    <h2 className="text-xs font-medium text-text-3">{title}</h2>
    {children}
  </section>
)

function ExampleCard({ example: { title, config, input, output } }: { readonly example: Example }) {
  const node = useOpenNode()
  const { document: graph } = useEditing()
  const [loaded, setLoaded] = useState<object>()
  const isLoaded = loaded !== undefined && loaded === node.config
  const use = () => {
    graph.getState().change((present) => dropLooseEdges(replaceConfig(present, node.id, config), nodeTypes))
    setLoaded(config)
  }
  return (
    <li className="overflow-hidden rounded-lg border">
      <div className="flex items-center justify-between gap-2 border-b py-1.5 pr-2 pl-3">
        <h3 className="text-sm text-text-1">{title}</h3>
        {isLoaded ? (
          <span role="status" className="flex items-center gap-1 text-xs text-ok">
            Loaded
            <Button
              size="sm"
              look="quiet"
              icon={<RotateCcw className="size-3.5" />}
              onClick={() => graph.getState().undo()}
            >
              Undo
            </Button>
          </span>
        ) : (
          <Button size="sm" onClick={use} aria-label={`Use this: ${title}`}>
            Use this
          </Button>
        )}
      </div>
      {Object.entries(config).map(([name, value]) => (
        <Piece key={name} name={name} value={value} isSetting />
      ))}
      <div className="mx-3 border-t" />
      <Piece name="In" value={input} />
      <Piece name={output.port} value={output.data} isOut />
    </li>
  )
}

const lengthMax = 2_000

interface PieceProps {
  readonly name: string
  readonly value: Json
  /** A text of the settings is shown as it is typed. */
  readonly isSetting?: boolean
  readonly isOut?: boolean
}

function Piece({ name, value, isSetting = false, isOut = false }: PieceProps) {
  const text = isSetting && typeof value === 'string' ? value : pretty(value)
  return (
    <div className="grid grid-cols-[80px_1fr] items-start gap-2 px-3 py-1.5">
      <span className="flex min-w-0 items-center gap-1 text-xs text-text-3">
        {isOut && <ArrowRight className="size-3 shrink-0 text-ok" aria-hidden />}
        <span className="truncate">{name}</span>
      </span>
      <pre className="text-xs break-words whitespace-pre-wrap text-text-1">{text.slice(0, lengthMax)}</pre>
    </div>
  )
}
