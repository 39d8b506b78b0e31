/** What a place shows while it has nothing to show. */
import { CloudOff, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Unreachable } from '../api/client.ts'
import { Button } from './button.tsx'

interface EmptyProps {
  readonly icon: ReactNode
  readonly title: string
  /** What belongs here. */
  readonly children: ReactNode
  readonly action?: ReactNode
}

export const Empty = ({ icon, title, children, action }: EmptyProps) => (
  <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-20 text-center">
    <span className="mb-1 text-text-3 [&_svg]:size-8 [&_svg]:stroke-[1.5]">{icon}</span>
    <h2 className="text-lg font-semibold">{title}</h2>
    <p className="text-base text-text-2">{children}</p>
    {action !== undefined && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
  </div>
)

interface FailedProps {
  readonly error: unknown
  readonly onRetry?: () => void
}

/** What could not be read, why, and the way to try again. It stays until it is mended. */
export const Failed = ({ error, onRetry }: FailedProps) => (
  <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-20 text-center">
    <span className="text-fail [&_svg]:size-8 [&_svg]:stroke-[1.5]">
      {error instanceof Unreachable ? <CloudOff /> : <TriangleAlert />}
    </span>
    <p className="text-base text-text-2">{messageOf(error)}</p>
    {onRetry && <Button onClick={onRetry}>Try again</Button>}
  </div>
)

/** The same in one line, beside the thing that it is about. */
export const Trouble = ({ error }: { readonly error: unknown }) =>
  error == null ? null : (
    <p role="alert" className="flex items-start gap-1.5 text-sm text-fail">
      <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span>{messageOf(error)}</span>
    </p>
  )

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

interface WaitingProps {
  /** What is waited for, for who does not see it. */
  readonly label?: string
  readonly className: string
  readonly children?: ReactNode
}

/** Stands in the shape of what will come, so that nothing jumps. */
export const Waiting = ({ label = 'Loading', className, children }: WaitingProps) => (
  <div role="status" aria-busy aria-label={label} className={className}>
    {children}
  </div>
)

/** Rows that will stand here. */
export const Skeleton = ({ rows = 6 }: { readonly rows?: number }) => (
  <Waiting className="flex flex-col gap-2 p-6">
    {Array.from({ length: rows }, (_, row) => (
      <div key={row} className="h-9 animate-pulse rounded-md bg-surface-2" />
    ))}
  </Waiting>
)
