/** The page of one thing: where it belongs, what it is, what can be done with it, and its facts in a line. */
import { Link } from '@tanstack/react-router'
import { ChevronLeft, SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { ApiProblem } from '../api/client.ts'
import { Copy } from '../parts/copy.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, Failed } from '../parts/states.tsx'
import { shortId } from '../parts/words.ts'

interface DetailProps {
  readonly back: { readonly to: '/events' | '/runs'; readonly label: string }
  readonly title: string
  /** Beside the title: its state. */
  readonly mark?: ReactNode
  readonly actions?: ReactNode
  readonly facts: ReactNode
  readonly children: ReactNode
}

export const Detail = ({ back, title, mark, actions, facts, children }: DetailProps) => (
  <div className="flex h-full min-w-0 flex-col">
    <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b bg-surface-1 px-6 py-2">
      <Link
        to={back.to}
        className="-ml-1.5 inline-flex items-center gap-1 rounded-md py-1 pr-2 pl-1 text-sm text-text-2 hover:bg-surface-2 hover:text-text-1"
      >
        <ChevronLeft className="size-4" aria-hidden />
        {back.label}
      </Link>
      <h1 className="min-w-0 truncate text-lg font-semibold">{title}</h1>
      {mark}
      <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>
    </header>
    <div className="relative min-h-0 grow overflow-auto" tabIndex={-1}>
      <dl className="flex flex-wrap gap-x-8 gap-y-3 border-b bg-surface-1 px-6 py-3">{facts}</dl>
      {children}
    </div>
  </div>
)

export const Fact = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div className="flex min-w-0 flex-col gap-0.5">
    <dt className="text-xs text-text-3">{label}</dt>
    <dd className="flex h-5 max-w-80 items-center gap-1.5 text-sm [&>*]:min-w-0 [&>a]:truncate">
      {children}
    </dd>
  </div>
)

/** The end of an id, and the whole of it to take along. */
export const IdFact = ({ id }: { readonly id: string }) => (
  <Fact label="Id">
    <code>…{shortId(id)}</code>
    <span className="[&_button]:!size-6 [&_svg]:!size-3.5">
      <Copy text={id} label="Copy the id" />
    </span>
  </Fact>
)

/** A part of such a page, with its heading. */
export const Section = ({
  title,
  aside,
  children,
}: {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}) => (
  <section aria-label={title} className="min-w-0">
    <header className="flex h-9 items-center gap-2">
      <h2 className="text-sm font-semibold">{title}</h2>
      {aside}
    </header>
    {children}
  </section>
)

export const textLink = 'text-accent underline-offset-2 hover:underline'

interface MissingProps {
  readonly what: 'event' | 'run'
  readonly to: '/events' | '/runs'
  readonly error: unknown
  readonly onRetry: () => void
}

/** The thing that an address names cannot be shown: it is not there, or could not be read. */
export const Missing = ({ what, to, error, onRetry }: MissingProps) => (
  <Page title={what === 'event' ? 'Event' : 'Run'}>
    {error instanceof ApiProblem && error.status === 404 ? (
      <Empty
        icon={<SearchX />}
        title={`This ${what} is not here`}
        action={
          <Link to={to} className={textLink}>
            Show all {what}s
          </Link>
        }
      >
        Its address may be mistyped, or it was removed with its workflow or because of its age.
      </Empty>
    ) : (
      <Failed error={error} onRetry={onRetry} />
    )}
  </Page>
)
