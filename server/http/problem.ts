import type { Problem } from '../../nodes/contract/graph.ts'

/** Every problem that an answer can name: its status and title. RFC 9457 documents are made from this table only. */
export const problems = {
  'bad-request': [400, 'The request cannot be read'],
  unauthenticated: [401, 'Sign in first'],
  'not-verified': [401, 'The request could not be verified'],
  forbidden: [403, 'This is not allowed'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'This method is not accepted here'],
  timeout: [408, 'The request took too long'],
  conflict: [409, 'Somebody else was first'],
  'too-large': [413, 'The request is too large'],
  'unsupported-media-type': [415, 'This kind of body is not understood'],
  invalid: [422, 'The request has mistakes'],
  'headers-too-large': [431, 'The headers are too large'],
  limited: [429, 'Too many requests'],
  internal: [500, 'Hookloom made a mistake'],
  unavailable: [503, 'Not available now'],
  'workflow-timeout': [504, 'The workflow took too long to answer'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof problems

/** What an answer says when it is not the one that was asked for. Thrown by routes, sent by the app. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly more: ProblemExtras

  constructor(code: ProblemCode, detail: string, more: ProblemExtras = {}) {
    super(detail)
    this.code = code
    this.more = more
  }
}

export interface ProblemExtras {
  /** What in a graph or a body has to be mended. */
  readonly problems?: readonly Problem[]
  readonly retryAfterSeconds?: number
  /** A finer reason than the code, e.g. why a request was not verified. */
  readonly reason?: string
  readonly allow?: readonly string[]
  readonly runId?: string
}

/** An RFC 9457 problem document. */
export function problemDocument(code: ProblemCode, detail: string, more: ProblemExtras = {}) {
  const [status, title] = problems[code]
  const { problems: mend, reason, runId } = more
  return {
    type: `urn:hookloom:problem:${code}`,
    title,
    status,
    detail,
    ...(reason !== undefined && { reason }),
    ...(runId !== undefined && { runId }),
    ...(mend !== undefined && { problems: mend }),
  }
}

/** The headers that go with a problem. */
export function problemHeaders({ retryAfterSeconds, allow }: ProblemExtras): Record<string, string> {
  return {
    'content-type': 'application/problem+json; charset=utf-8',
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(allow !== undefined && { allow: allow.join(', ') }),
  }
}
