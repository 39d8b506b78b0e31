import { CircleSlash, Filter, Send, TriangleAlert, Unplug } from 'lucide-react'
import type { GraphNode } from '../../nodes/contract/graph.ts'
import { InputOutput } from './input-output.tsx'
import { Log } from '../parts/log.tsx'
import type { PreviewStep } from './preview.ts'
import { portLabel, titleOf, types } from '../parts/node-words.ts'
import { type Standing } from './standing.ts'
import { Verdict } from './verdict.tsx'
import { WouldSend } from './would-send.tsx'

interface SampleDataProps {
  readonly node: GraphNode
  readonly standing: Standing
}

/** What a node makes of the sample, in words first and then as data. */
export function SampleData({ node, standing }: SampleDataProps) {
  switch (standing.kind) {
    case 'unknown':
      return <div aria-hidden className="h-40 animate-pulse rounded-md bg-surface-2" />
    case 'unconnected':
      return (
        <Verdict icon={<Unplug />} tone="quiet" title="Nothing leads here yet">
          Connect a node to this one, and its input appears.
        </Verdict>
      )
    case 'behind':
      return (
        <Verdict icon={<Send />} tone="quiet" title={`“${titleOf(standing.sender)}” comes first`}>
          It sends something, and nothing is sent here: what it would pass on is not known. Run a test to see
          data here.
        </Verdict>
      )
    case 'unreached':
      return (
        <Verdict icon={<CircleSlash />} tone="quiet" title="This sample does not get here">
          {standing.port === null
            ? `“${titleOf(standing.by)}” failed.`
            : `“${titleOf(standing.by)}” passes it on by “${portLabel(standing.by, standing.port)}”.`}
        </Verdict>
      )
    case 'sends':
      return <WouldSend node={node} input={standing.input} />
    case 'ran':
    default:
      return <Ran node={node} step={standing.step} />
  }
}

function Ran({ node, step }: { readonly node: GraphNode; readonly step: PreviewStep }) {
  const { port, input = null, output = null, error, logs } = step
  const type = types[node.type]
  const isStart = type?.role === 'starts'
  return (
    <>
      {error === null ? (
        type?.role === 'decides' && port !== null && <Decision node={node} port={port} />
      ) : (
        <Verdict icon={<TriangleAlert />} tone="fail" title={error.message}>
          <span className="font-mono text-xs">{error.code}</span>
        </Verdict>
      )}
      {node.type === 'script' && <Log lines={logs} />}
      <InputOutput
        nodeId={node.id}
        {...(!isStart && { input })}
        {...(error === null && { output })}
        {...(port !== null && error === null && { by: portLabel(node, port) })}
      />
    </>
  )
}

/** A filter in words; a switch by the case that it took. */
function Decision({ node, port }: { readonly node: GraphNode; readonly port: string }) {
  if (node.type === 'filter') {
    return port === 'match' ? (
      <Verdict icon={<Filter />} tone="ok" title="Match">
        The condition holds: this sample goes on.
      </Verdict>
    ) : (
      <Verdict icon={<Filter />} tone="wait" title="Otherwise">
        The condition does not hold: this sample goes aside.
      </Verdict>
    )
  }
  return (
    <Verdict icon={<Filter />} tone={port === 'otherwise' ? 'wait' : 'ok'} title={portLabel(node, port)}>
      {port === 'otherwise'
        ? 'No case holds for this sample.'
        : 'This case is the first that holds for this sample.'}
    </Verdict>
  )
}
