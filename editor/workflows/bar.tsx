/** The one bar over the canvas: what this is, where the draft stands, test and publish. */
import { useSearch } from '@tanstack/react-router'
import { History, Redo2, Undo2, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { IconButton } from '../parts/button.tsx'
import { Trouble } from '../parts/states.tsx'
import { Switch } from '../parts/switch.tsx'
import { Tip } from '../parts/tip.tsx'
import { SavingTrouble } from './conflict.tsx'
import { useDocument, useEditing } from './editing.tsx'
import { useChangeHead } from './head.ts'
import { Name } from './name.tsx'
import { Publish } from './publish-popover.tsx'
import { SavingMark } from './saving-mark.tsx'
import { ShowChoice } from './show-choice.tsx'
import { TestRun, useTestRun } from './test-run.tsx'
import { VersionChip } from './version-chip.tsx'
import { WorkflowMenu } from './workflow-menu.tsx'

const HistoryDialog = lazy(async () => ({ default: (await import('./history-dialog.tsx')).HistoryDialog }))

export function Bar() {
  const { show } = useSearch({ from: '/frame/workflows/$id' })
  const change = useChangeHead()
  const test = useTestRun()
  const isPublished = useDocument(({ head }) => head.version !== null)
  return (
    <>
      <header className="flex min-h-12 shrink-0 items-center gap-2 border-b bg-surface-1 px-3">
        <Name onChange={(name) => change.mutate({ name })} />
        <VersionChip />
        <SavingMark />
        <span className="grow" />
        {isPublished && <ShowChoice shown={show} />}
        {show !== 'production' && <Steps />}
        <HistoryButton />
        <WorkflowMenu />
        {isPublished && (
          <Enabled onChange={(enabled) => change.mutate({ enabled })} isBusy={change.isPending} />
        )}
        <TestRun test={test} />
        <Publish />
      </header>
      <SavingTrouble />
      <Told
        error={change.error ?? test.error}
        onClose={() => {
          change.reset()
          test.reset()
        }}
      />
    </>
  )
}

function Steps() {
  const { document } = useEditing()
  const canUndo = useDocument(({ history }) => history.past.length > 0)
  const canRedo = useDocument(({ history }) => history.future.length > 0)
  return (
    <span className="flex">
      <IconButton label="Undo" keys="mod+z" disabled={!canUndo} onClick={() => document.getState().undo()}>
        <Undo2 />
      </IconButton>
      <IconButton
        label="Redo"
        keys="mod+shift+z"
        disabled={!canRedo}
        onClick={() => document.getState().redo()}
      >
        <Redo2 />
      </IconButton>
    </span>
  )
}

function HistoryButton() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton label="History" onClick={() => setOpen(true)}>
        <History />
      </IconButton>
      {isOpen && (
        <Suspense>
          <HistoryDialog open onOpenChange={setOpen} />
        </Suspense>
      )}
    </>
  )
}

interface EnabledProps {
  readonly onChange: (enabled: boolean) => void
  readonly isBusy: boolean
}

function Enabled({ onChange, isBusy }: EnabledProps) {
  const isEnabled = useDocument(({ head }) => head.enabled)
  return (
    <Tip
      text={
        isEnabled
          ? 'Enabled. Pause it: events are kept and wait.'
          : 'Paused. Enable it: what waits runs, in order.'
      }
    >
      <span className="flex px-1">
        <Switch checked={isEnabled} onChange={onChange} label="Enabled" disabled={isBusy} />
      </span>
    </Tip>
  )
}

interface ToldProps {
  readonly error: unknown
  readonly onClose: () => void
}

/** What was asked for in the bar and could not be done. */
const Told = ({ error, onClose }: ToldProps) =>
  error === null ? null : (
    <div className="flex items-center gap-2 border-b bg-surface-1 px-4 py-1">
      <div className="grow">
        <Trouble error={error} />
      </div>
      <IconButton label="Close" onClick={onClose}>
        <X />
      </IconButton>
    </div>
  )
