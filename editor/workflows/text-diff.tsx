import { useMemo } from 'react'
import { cut, visible } from '../parts/visible-text.ts'
import { diffTexts } from '../state/text-diff.ts'

/** Compared, and shown, at most. */
const lengthMax = 20_000
/** Of what is equal, as much as tells where one is. */
const sameShown = 160

interface TextDiffProps {
  readonly before: string
  readonly after: string
}

/** A text with what went struck through and what came underlined. */
export function TextDiff({ before, after }: TextDiffProps) {
  const pieces = useMemo(() => diffTexts(cut(before, lengthMax), cut(after, lengthMax)), [before, after])
  return (
    <span className="break-words whitespace-pre-wrap">
      {pieces.map(({ kind, text }, at) => {
        if (kind === 'removed')
          return (
            <del key={at} className="rounded-sm bg-fail-soft text-fail">
              {visible(text)}
            </del>
          )
        if (kind === 'added')
          return (
            <ins key={at} className="rounded-sm bg-ok-soft text-ok underline-offset-2">
              {visible(text)}
            </ins>
          )
        return <span key={at}>{visible(shortened(text, at === 0, at === pieces.length - 1))}</span>
      })}
    </span>
  )
}

function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= sameShown * 2) return text
  if (isFirst) return `…${text.slice(-sameShown)}`
  if (isLast) return `${cut(text, sameShown)}…`
  return `${cut(text, sameShown)} … ${text.slice(-sameShown)}`
}
