import type { Point } from '../state/commands.ts'

type Pointed = Pick<MouseEvent, 'clientX' | 'clientY'> | Pick<TouchEvent, 'changedTouches'>

/** Where on the screen something happened, by mouse or by finger. */
export function pointOf(event: Pointed): Point {
  const { clientX = 0, clientY = 0 } = 'changedTouches' in event ? (event.changedTouches[0] ?? {}) : event
  return { x: clientX, y: clientY }
}
