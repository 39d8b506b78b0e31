import { useState } from 'react'
import { type Template, templates } from '../../nodes/templates/index.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Drawing } from './drawing.tsx'
import { Services } from './services.tsx'
import { UseTemplate } from './use-template.tsx'

interface GalleryProps {
  readonly onClose: () => void
}

/** Workflows that are ready but for what only their person knows. Loaded when it is opened. */
export function Gallery({ onClose }: GalleryProps) {
  const [chosen, choose] = useState<Template>()
  if (chosen !== undefined) {
    return <UseTemplate template={chosen} onBack={() => choose(undefined)} onClose={onClose} />
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Start from a template"
      about="Each works as it is, once you have filled in what only you know."
      width="xl"
    >
      <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {templates.map((template, n) => (
          <li key={template.key} className="flex">
            <button
              type="button"
              autoFocus={n === 0}
              onClick={() => choose(template)}
              className="group flex w-full flex-col overflow-hidden rounded-lg border text-left transition-colors duration-150 hover:border-line-strong focus-visible:outline-offset-1"
            >
              <span className="flex h-36 items-center justify-center border-b bg-surface-0 px-6 transition-colors duration-150 group-hover:bg-accent-soft">
                <Drawing graph={template.graph} className="max-h-28 w-full" />
              </span>
              <span className="flex grow flex-col gap-1 p-4">
                <span className="text-base font-semibold">{template.name}</span>
                <span className="text-sm text-text-2">{template.summary}</span>
                <Services names={template.services} className="mt-auto pt-2" />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
