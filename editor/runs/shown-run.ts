import type { Run } from '../../nodes/contract/api.ts'

/** The run that the URL names (`?run=`), kept fresh while it goes on: its path is drawn on the canvas. */
export const useShownRun = (): Run | undefined => undefined
