/**
 * Copying and pasting, loaded once the graph is drawn. The clipboard's events are answered at once or not at all, so what is
 * loaded is kept here.
 */
import type * as clipboard from '../state/clipboard.ts'

type Pieces = typeof clipboard

let loaded: Pieces | undefined

export const loadPieces = async (): Promise<Pieces> => (loaded ??= await import('../state/clipboard.ts'))
export const loadedPieces = (): Pieces | undefined => loaded
