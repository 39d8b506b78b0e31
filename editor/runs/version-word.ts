import type { RunSummary } from '../../nodes/contract/api.ts'

/** Which graph it runs. */
export const versionWord = ({ version }: RunSummary): string => (version === null ? 'Draft' : `v${version}`)
