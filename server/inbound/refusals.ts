import type { RejectionId } from '../../nodes/contract/ids.ts'
import type { Clock } from '../engine/clock.ts'
import { signal } from '../engine/signals.ts'
import type { RejectionsKept, Storage } from '../storage/storage.ts'
import type { Over } from './door-limits.ts'
import { Floods } from './floods.ts'
import type { Hook } from './hook.ts'
import type { InboundRequest } from './request.ts'

/** What is kept of each workflow's rejections: a day of a sender that is set up wrongly, and no flood. */
export const rejectionsKept: RejectionsKept = { count: 1_000, bytes: 16 * 1_024 * 1_024 }
/** Of each body. */
export const rejectionBodyBytesMax = 64 * 1_024

export interface Refused {
  readonly kind: 'refused'
  readonly status: number
  readonly reason: string
  readonly detail: string
  readonly retryAfterSeconds?: number
}

export interface RefusalsOptions {
  readonly storage: Pick<Storage, 'rejections'>
  readonly clock: Clock
  /** Makes of a text what tells nothing about it to whoever has not the server's key. */
  readonly fingerprint: (text: string) => string
}

type Told = Pick<Refused, 'status' | 'reason' | 'detail'>

/** Keeps requests that are not let in, for the workflow's owner. */
export class Refusals {
  readonly #options: RefusalsOptions
  readonly #floods: Floods

  constructor(options: RefusalsOptions) {
    this.#options = options
    this.#floods = new Floods(options.storage.rejections)
  }

  async refuse(hook: Hook, request: InboundRequest, { status, reason, detail }: Told): Promise<Refused> {
    await this.#keep(hook, request, { status, reason, detail })
    return { kind: 'refused', status, reason, detail }
  }

  /** Turns a request away that is one too many: the first of a while is kept, for all that follow it. */
  async turnAway(hook: Hook, request: InboundRequest, over: Over): Promise<Refused> {
    const refused = { ...over, reason: 'limited' }
    await this.#floods.add(hook.workflow.id, () => this.#keep(hook, request, refused))
    return { kind: 'refused', ...refused }
  }

  /** Writes down what was counted and not yet written. */
  close(): Promise<void> {
    return this.#floods.close()
  }

  async #keep({ workflow, kind, mask }: Hook, request: InboundRequest, told: Told): Promise<RejectionId> {
    const { storage, clock, fingerprint } = this.#options
    const { status, reason, detail } = told
    const { method, path, rawHeaders, ip, body } = request
    const id: RejectionId = clock.newId('rej')
    await storage.rejections.add(
      {
        id,
        workflowId: workflow.id,
        kind,
        at: clock.now(),
        status,
        reason,
        detail,
        method,
        path: mask.path(path),
        rawHeaders: mask.headers(rawHeaders),
        fingerprints: mask.fingerprints(request, fingerprint),
        ip,
        bodyBytes: body.length,
        acceptedAs: null,
        times: 1,
      },
      body.subarray(0, rejectionBodyBytesMax),
      rejectionsKept,
    )
    signal('event.rejected', { workflowId: workflow.id, rejectionId: id, status, reason })
    return id
  }
}
