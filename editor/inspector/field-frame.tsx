import { CircleAlert, CircleDashed } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '../parts/classes.ts'

interface FieldFrameProps {
  readonly id: string
  readonly label: string
  readonly help?: string | undefined
  /** Above the control instead of under it. */
  readonly helpFirst?: boolean
  /** At the right of the label. */
  readonly aside?: ReactNode
  readonly messages: readonly string[]
  /** Nothing was given yet: that is no mistake. */
  readonly isMissing?: boolean
  readonly children: ReactNode
  /** What it comes to on the sample. */
  readonly result?: ReactNode
}

export const labelIdOf = (id: string): string => `${id}-label`
const noteIdOf = (id: string): string => `${id}-note`
/** The help and the problems of a field, for whoever cannot see them beside it. */
export const describedBy = (id: string): string => noteIdOf(id)

/** A setting: its label, its control, what is wrong with it, and a quiet line of help. */
export const FieldFrame = ({
  id,
  label,
  help,
  helpFirst = false,
  aside,
  messages,
  isMissing = false,
  children,
  result,
}: FieldFrameProps) => (
  <div role="group" aria-labelledby={labelIdOf(id)} className="flex min-w-0 flex-col gap-1.5">
    <div className="flex min-h-7 items-center justify-between gap-2">
      <label
        id={labelIdOf(id)}
        htmlFor={id}
        // A code editor is no form control: the label brings one there all the same.
        onClick={() => document.getElementById(id)?.focus()}
        className="text-sm font-medium text-text-1"
      >
        {label}
      </label>
      {aside}
    </div>
    {helpFirst && <p className={classes('mb-1 text-xs text-text-3', aside ? '' : '-mt-1.5')}>{help}</p>}
    {children}
    {result}
    <div id={noteIdOf(id)} className="flex flex-col gap-1 empty:hidden">
      <Messages messages={messages} isMissing={isMissing} />
      {help !== undefined && !helpFirst && <p className="text-xs text-text-3">{help}</p>}
    </div>
  </div>
)

export const Messages = ({
  messages,
  isMissing = false,
}: {
  readonly messages: readonly string[]
  readonly isMissing?: boolean
}) =>
  messages.map((message) => (
    <p
      key={message}
      className={classes('flex items-start gap-1.5 text-xs', isMissing ? 'text-wait' : 'text-fail')}
    >
      {isMissing ? (
        <CircleDashed className="mt-px size-3.5 shrink-0" aria-hidden />
      ) : (
        <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
      )}
      <span className="min-w-0 break-words">{message}</span>
    </p>
  ))

interface PartProps {
  readonly id: string
  readonly label: string
  readonly help?: string | undefined
  readonly messages?: readonly string[]
  readonly children: ReactNode
}

/** One of several inputs of a setting. */
export const Part = ({ id, label, help, messages = [], children }: PartProps) => (
  <div className="flex min-w-0 flex-col gap-1">
    <label
      id={labelIdOf(id)}
      htmlFor={id}
      onClick={() => document.getElementById(id)?.focus()}
      className="text-xs text-text-2"
    >
      {label}
    </label>
    {children}
    <div id={noteIdOf(id)} className="flex flex-col gap-1 empty:hidden">
      <Messages messages={messages} />
      {help !== undefined && <p className="text-xs text-text-3">{help}</p>}
    </div>
  </div>
)
