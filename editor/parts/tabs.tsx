import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

interface TabsProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly tabs: readonly {
    readonly id: string
    readonly label: ReactNode
    readonly content: ReactNode
    /** Its content stays, hidden, while another tab is open. */
    readonly stays?: boolean
  }[]
  readonly label: string
}

/** Fills its container; the content of the open tab scrolls. */
export const Tabs = ({ value, onChange, tabs, label }: TabsProps) => (
  <Radix.Root value={value} onValueChange={onChange} className="flex min-h-0 grow flex-col">
    <Radix.List aria-label={label} className="flex shrink-0 gap-4 border-b px-4">
      {tabs.map(({ id, label }) => (
        <Radix.Trigger
          key={id}
          value={id}
          // Radix focuses it too, for Safari, and a browser shows a ring for what a script focuses.
          onMouseDown={({ currentTarget }) => currentTarget.focus({ focusVisible: false })}
          className="-mb-px border-b-2 border-transparent py-2 text-sm text-text-2 hover:text-text-1 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text-1"
        >
          {label}
        </Radix.Trigger>
      ))}
    </Radix.List>
    {tabs.map(({ id, content, stays }) => (
      <Radix.Content
        key={id}
        value={id}
        {...(stays && { forceMount: true })}
        className="relative min-h-0 grow overflow-auto focus-visible:outline-offset-[-2px] data-[state=inactive]:hidden"
      >
        {content}
      </Radix.Content>
    ))}
  </Radix.Root>
)
