import { type ReactElement, cloneElement } from 'react'

export type Side = 'top' | 'right' | 'bottom' | 'left'

interface TipProps {
  readonly text: string
  /** Keys that do the same. */
  readonly keys?: string
  readonly side?: Side
  /** One element, or a component that hands its attributes on to one. */
  readonly children: ReactElement<Noted>
}

interface Noted {
  readonly 'data-tip'?: string
  readonly 'data-tip-keys'?: string | undefined
  readonly 'data-tip-side'?: Side
}

/** A word on hover and focus. It is noted on the element; `Tips` shows it. */
export const Tip = ({ text, keys, side = 'bottom', children }: TipProps) =>
  cloneElement(children, { 'data-tip': text, 'data-tip-keys': keys, 'data-tip-side': side })
