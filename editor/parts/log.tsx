import type { Step } from '../../nodes/contract/api.ts'
import { classes } from './classes.ts'
import { LongText } from './long-text.tsx'

const colours = { debug: 'text-text-3', info: 'text-text-1', warn: 'text-wait', error: 'text-fail' } as const
const linesShown = 200
const charactersShown = 2_000

/** What a script wrote with `console`. */
export const Log = ({ lines }: { readonly lines: Step['logs'] }) => (
  <div role="group" aria-label="Log">
    <p aria-hidden className="flex h-8 items-center text-xs font-medium text-text-2">
      Log
    </p>
    {lines.length === 0 ? (
      <p className="text-xs text-text-3">console.log was not called.</p>
    ) : (
      <ol className="flex flex-col divide-y rounded-md border px-2 font-mono text-xs">
        {lines.slice(0, linesShown).map(({ level, text }, at) => (
          <li key={at} className={classes('flex gap-2 py-1', colours[level])}>
            {level !== 'info' && <span className="w-10 shrink-0">{level}</span>}
            <LongText text={text} atFirst={charactersShown} />
          </li>
        ))}
        {lines.length > linesShown && (
          <li className="py-1 text-text-3">… and {lines.length - linesShown} more</li>
        )}
      </ol>
    )}
  </div>
)
