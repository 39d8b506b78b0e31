import type { Preview } from '../../nodes/contract/api.ts'

export type PreviewStep = Preview['steps'][number]

/** What each pure node makes of the sample, by node id; empty without a sample. */
export const usePreview = (): ReadonlyMap<string, PreviewStep> => new Map()
