import { Handle, type NodeProps, Position } from '@xyflow/react'
import { CircleCheck, CircleX, Clock, Loader, type LucideIcon, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import { classes } from '../parts/classes.ts'
import { NodeIcon } from '../parts/node-icon.tsx'
import { Tip } from '../parts/tip.tsx'
import { count, plural } from '../parts/words.ts'
import { portsOfNode, sentenceOf, titleOf, typeOf } from '../parts/node-words.ts'
import { headHeight, portY } from './card.ts'
import { useIsFar } from './far.tsx'
import { type CardNode, domId, inputId, spoken } from './flow.ts'
import type { Mark, Outcome } from './marks.ts'

const tints: Readonly<Record<AnyNodeType['group'], string>> = {
  trigger: 'bg-trigger/12',
  logic: 'bg-logic/12',
  shape: 'bg-shape/12',
  send: 'bg-send/12',
}

/** Every kind of node, drawn from its declaration. */
export const NodeCard = memo(function NodeCard({ data: { node, mark }, selected }: NodeProps<CardNode>) {
  const type = typeOf(node.type)
  const ports = Object.entries(portsOfNode(node))
  const { outcome, aside } = mark
  if (useIsFar()) return <FarCard node={node} mark={mark} />
  const sentence = sentenceOf(node)
  return (
    <div
      id={domId(node.id)}
      role="group"
      aria-label={spoken(node, mark)}
      className={classes(
        'canvas-card size-full rounded-lg border',
        selected
          ? 'border-accent ring-1 ring-accent'
          : outcome?.state === 'failed'
            ? 'border-fail'
            : outcome?.state === 'running'
              ? 'border-info'
              : 'hover:border-line-strong',
        aside ? 'bg-surface-0' : 'bg-surface-1',
      )}
    >
      <Handle
        type="target"
        id={inputId}
        position={Position.Left}
        isConnectableStart={type?.role !== 'starts'}
        className={classes('canvas-input', type?.role === 'starts' && 'opacity-0')}
        style={{ top: headHeight / 2 }}
      />
      <div className="px-2.5 pt-2" style={{ height: headHeight }}>
        <div className="flex items-center gap-2">
          <span
            className={classes(
              'flex size-6 shrink-0 items-center justify-center rounded-md',
              aside || type === undefined ? 'bg-surface-2' : tints[type.group],
            )}
          >
            <NodeIcon type={node.type} className={classes('!size-3.5', aside && '!text-text-3')} />
          </span>
          <span
            className={classes(
              'min-w-0 grow truncate text-sm font-medium',
              aside ? 'text-text-3' : 'text-text-1',
            )}
          >
            {titleOf(node)}
          </span>
          <Marks mark={mark} />
        </div>
        <p title={sentence} className="mt-0.5 line-clamp-2 text-xs wrap-anywhere text-text-3">
          {sentence}
        </p>
      </div>
      {ports.map(([id, label], index) => {
        const taken = outcome?.port === id
        return (
          <div key={id}>
            {ports.length > 1 && (
              <p
                className={classes(
                  'flex h-6 items-center justify-end pr-3 pl-8 text-xs',
                  taken ? 'font-medium text-accent' : 'text-text-3',
                )}
              >
                <span className="truncate">{label}</span>
              </p>
            )}
            <Handle
              type="source"
              id={id}
              position={Position.Right}
              isConnectableEnd={false}
              className={classes('canvas-output', taken && 'canvas-taken')}
              style={{ top: portY(index, ports.length) }}
            />
          </div>
        )
      })}
    </div>
  )
})

/** From afar the card is drawn elsewhere; here it is taken by the pointer, and heard. */
const FarCard = ({ node, mark }: Pick<CardNode['data'], 'node' | 'mark'>) => (
  <div id={domId(node.id)} role="group" aria-label={spoken(node, mark)} className="size-full" />
)

function Marks({ mark: { problems, outcome } }: { readonly mark: Mark }) {
  const [problem, ...more] = problems
  return (
    <>
      {outcome && <OutcomeMark outcome={outcome} />}
      {problem !== undefined && (
        <Tip
          side="top"
          text={more.length === 0 ? problem : `${problem} And ${plural(more.length, 'problem')} more.`}
        >
          <span className="text-wait">
            <TriangleAlert className="size-4" aria-hidden />
          </span>
        </Tip>
      )}
    </>
  )
}

const looks: Readonly<Record<Outcome['state'], { readonly icon: LucideIcon; readonly colour: string }>> = {
  running: { icon: Loader, colour: 'text-info' },
  succeeded: { icon: CircleCheck, colour: 'text-ok' },
  failed: { icon: CircleX, colour: 'text-fail' },
  waiting: { icon: Clock, colour: 'text-wait' },
}

function OutcomeMark({ outcome }: { readonly outcome: Outcome }) {
  const { icon: Icon, colour } = looks[outcome.state]
  return (
    <Tip side="top" text={outcome.text}>
      <span className={classes('flex items-center gap-0.5 text-xs tabular-nums', colour)}>
        {outcome.count > 1 && <span>{count(outcome.count)}</span>}
        <Icon className={classes('size-4', outcome.state === 'running' && 'animate-spin')} aria-hidden />
      </span>
    </Tip>
  )
}
