import { ArrowRight, Braces, Filter, type LucideIcon, Send, Webhook } from 'lucide-react'
import type { ReactNode } from 'react'

const stops: readonly {
  readonly icon: LucideIcon
  readonly colour: string
  readonly title: string
  readonly text: string
}[] = [
  {
    icon: Webhook,
    colour: 'text-trigger',
    title: 'Arrives',
    text: 'at a URL of its own, checked and stored',
  },
  { icon: Filter, colour: 'text-logic', title: 'Decides', text: 'which requests matter, and where they go' },
  { icon: Braces, colour: 'text-shape', title: 'Reshapes', text: 'what came into what is wanted' },
  { icon: Send, colour: 'text-send', title: 'Sends', text: 'it on, and tries again until it is there' },
]

/** What an empty house shows: what a workflow is, and the ways to the first. */
export const FirstWorkflow = ({ ways }: { readonly ways: ReactNode }) => (
  <div className="mx-auto flex max-w-3xl flex-col items-center px-6 py-20 text-center">
    <ol className="mb-10 flex w-full items-start gap-3 max-sm:hidden">
      {stops.map(({ icon: Icon, colour, title, text }, n) => (
        <li key={title} className="relative flex flex-1 flex-col items-center gap-1">
          {n > 0 && <ArrowRight className="absolute top-4 -left-3.5 size-4 text-line-strong" aria-hidden />}
          <span className={`mb-1 rounded-lg border bg-surface-1 p-3.5 ${colour}`}>
            <Icon className="size-5" aria-hidden />
          </span>
          <span className="text-base font-medium">{title}</span>
          <span className="max-w-40 text-sm text-balance text-text-2">{text}</span>
        </li>
      ))}
    </ol>
    <h2 className="text-xl font-semibold tracking-tight">Your first workflow</h2>
    <p className="mt-1 max-w-lg text-base text-balance text-text-2">
      Draw it from nothing, or take a template that works as soon as its secrets are filled in. A workflow
      file can be dropped here too.
    </p>
    <div className="mt-5 flex flex-wrap justify-center gap-2">{ways}</div>
  </div>
)
