/** What the signature doctor says: one sentence, what matched and what did not, and a button for the change. */
import { Check, CircleHelp, Stethoscope, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Diagnosis, Finding } from '../../nodes/contract/diagnosis.ts'
import { classes } from '../parts/classes.ts'
import { visible } from '../parts/visible-text.ts'
import { plural } from '../parts/words.ts'

interface DiagnosisTextProps {
  readonly diagnosis: Diagnosis
  /** Under the sentence: what can be done. */
  readonly action?: ReactNode
}

const looks = {
  passes: { box: 'bg-ok-soft', icon: 'text-ok' },
  found: { box: 'bg-accent-soft', icon: 'text-accent' },
  unknown: { box: 'bg-wait-soft', icon: 'text-wait' },
} as const satisfies Record<Diagnosis['outcome'], unknown>

export function DiagnosisText({ diagnosis, action }: DiagnosisTextProps) {
  const { outcome, sentence, findings, tried } = diagnosis
  const { box, icon } = looks[outcome]
  return (
    <div
      role="status"
      aria-label="What the doctor says"
      className={classes('flex w-full max-w-prose gap-2.5 rounded-md px-3 py-2.5 text-sm', box)}
    >
      <Stethoscope className={classes('mt-0.5 size-4 shrink-0', icon)} aria-hidden />
      <div className="flex min-w-0 flex-col gap-2">
        <p className="break-words text-text-1">{visible(sentence)}</p>
        {findings.length > 0 && (
          <ul className="flex flex-col gap-0.5 text-xs text-text-2">
            {findings.map((finding) => (
              <FindingLine key={finding.about} finding={finding} />
            ))}
          </ul>
        )}
        {outcome === 'unknown' && tried > 0 && (
          <p className="text-xs text-text-3">Tried {plural(tried, 'other way')} of signing it.</p>
        )}
        {action}
      </div>
    </div>
  )
}

const marks = {
  right: { icon: Check, look: 'text-ok', word: 'Right' },
  wrong: { icon: X, look: 'text-fail', word: 'Wrong' },
  unknown: { icon: CircleHelp, look: 'text-text-3', word: 'Not known' },
} as const satisfies Record<Finding['state'], unknown>

function FindingLine({ finding: { state, text } }: { readonly finding: Finding }) {
  const { icon: Icon, look, word } = marks[state]
  return (
    <li className="flex gap-1.5">
      <Icon className={classes('mt-px size-3.5 shrink-0', look)} aria-label={word} />
      <span className="min-w-0 break-words">{visible(text)}</span>
    </li>
  )
}
