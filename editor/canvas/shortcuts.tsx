import { Dialog } from '../parts/dialog.tsx'
import { Keys, keyNames } from '../parts/keys.tsx'
import type { Action } from './command-palette.tsx'

interface ShortcutSheetProps {
  readonly actions: readonly Action[]
  readonly onClose: () => void
}

/** All keys on one page, by what they are about. */
export function ShortcutSheet({ actions, onClose }: ShortcutSheetProps) {
  const byGroup = Map.groupBy(
    actions.filter(({ keys }) => keys.length > 0),
    ({ group }) => group,
  )
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="Keyboard"
      about="Single keys work while the canvas has the focus."
      width="lg"
    >
      {/* The page has the focus, so that the arrows scroll it. */}
      <div tabIndex={-1} ref={(page) => page?.focus()} className="gap-10 outline-none sm:columns-2">
        {[...byGroup].map(([group, members]) => (
          <section key={group} className="mb-5 break-inside-avoid" aria-label={group}>
            <h3 className="mb-1 text-xs font-medium text-text-3">{group}</h3>
            <dl>
              {members.map(({ id, label, keys }) => (
                <div key={id} className="flex items-center gap-3 border-b py-1.5 last:border-0">
                  <dt className="grow text-sm">{label}</dt>
                  {keys.map((each) => (
                    <dd key={each} className="shrink-0">
                      <Keys keys={each} />
                      <span className="sr-only">{keyNames(each).join(' ')}</span>
                    </dd>
                  ))}
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
