import { type FormEvent, useState } from 'react'
import { Button } from '../parts/button.tsx'
import { classes } from '../parts/classes.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Select } from '../parts/input.tsx'
import { connect, whyNotConnected } from '../state/commands.ts'
import { useEditing, useGraph } from '../workflows/editing.tsx'
import { openPort } from './add.ts'
import { types } from '../parts/node-words.ts'
import { portsOfNode, titleOf } from '../parts/node-words.ts'

interface ConnectToProps {
  readonly source: string
  readonly onClose: () => void
}

/** Draws a line without a pointer: from which port, to which node. */
export function ConnectTo({ source, onClose }: ConnectToProps) {
  const graph = useGraph()
  const { document } = useEditing()
  const node = graph.nodes.find(({ id }) => id === source)
  const [port, setPort] = useState(() => (node ? openPort(graph, node) : ''))
  const others = graph.nodes.filter(({ id }) => id !== source)
  const whyNot = (target: string) => whyNotConnected(graph, { source, sourceHandle: port, target }, types)
  const [target, setTarget] = useState(
    () => others.find(({ id }) => whyNot(id) === undefined)?.id ?? others[0]?.id ?? '',
  )
  /** Before, nothing was done wrong. */
  const [isChosen, setChosen] = useState(false)
  const why = others.length === 0 ? 'There is no other node yet: add one first.' : whyNot(target)
  if (node === undefined) return null
  const ports = Object.entries(portsOfNode(node))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (why !== undefined) return
    document.getState().change((graph) => connect(graph, { source, sourceHandle: port, target }, types))
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Connect ${titleOf(node)}`}
      width="sm"
      footer={
        <Button look="primary" type="submit" form="connect-to" disabled={why !== undefined}>
          Connect
        </Button>
      }
    >
      <form id="connect-to" onSubmit={submit} className="flex flex-col gap-3">
        {ports.length > 1 && (
          <label className="flex flex-col gap-1 text-sm text-text-2">
            From port
            <Select
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- what the dialog is for comes before its close button
              autoFocus
              value={port}
              onChoose={setPort}
              options={ports.map(([value, label]) => ({ value, label }))}
            />
          </label>
        )}
        <label className="flex flex-col gap-1 text-sm text-text-2">
          To node
          <Select
            autoFocus={ports.length === 1}
            value={target}
            onChoose={(id) => {
              setTarget(id)
              setChosen(true)
            }}
            options={others.map((other) => ({ value: other.id, label: `${titleOf(other)} (${other.id})` }))}
          />
        </label>
        <p role="status" className={classes('min-h-5 text-sm', isChosen ? 'text-fail' : 'text-text-2')}>
          {why}
        </p>
      </form>
    </Dialog>
  )
}
