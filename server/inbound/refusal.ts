/**
 * A request that is not let in: an expected outcome, with the status for the caller and the words for the workflow's owner.
 * `detail` says what was found and what to do; it never holds a secret or a signature that would have been right.
 */
export interface Refusal {
  readonly ok: false
  /** 503: what it takes to judge the request cannot be had now, and the sender may try again. */
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 503
  /** Kebab-case and stable. */
  readonly reason: string
  readonly detail: string
}

export const refuse = (status: Refusal['status'], reason: string, detail: string): Refusal => ({
  ok: false,
  status,
  reason,
  detail: capital(detail),
})

/** For the start of a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
