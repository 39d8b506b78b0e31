import { isSecretReference } from '../../nodes/contract/field.ts'
import type { RejectionId } from '../../nodes/contract/ids.ts'
import type { SecretText, VerificationSettings } from '../../nodes/contract/scheme.ts'
import type { KnownSecret } from '../inbound/doctor/patient.ts'
import { type ShownToken, findTokens } from '../inbound/doctor/tokens.ts'
import { InboundRequest } from '../inbound/request.ts'
import { NotFound, type Rejection, type Storage, type Workflow } from '../storage/storage.ts'
import type { Secrets } from './secrets.ts'

export interface RejectedOptions {
  readonly storage: Storage
  readonly secrets: Pick<Secrets, 'reveal' | 'list'>
  readonly fingerprint: (text: string) => string
  readonly publicUrl: () => string
}

/** A refused request with all that is kept of it. */
export interface RejectedCase {
  readonly rejection: Rejection
  readonly workflow: Workflow
  readonly body: Buffer
  /** Whether every byte that the sender sent is kept. */
  readonly isWhole: boolean
}

/** Requests that were refused before their last byte: too large, too slow, too many headers, over a limit. */
const cutShort: ReadonlySet<number> = new Set([408, 413, 429, 431, 503])
/** Beside those in force, the newest of the stored secrets are tried. */
const otherSecretsMax = 100

/** Refused requests, as the door can judge them again. */
export class Rejected {
  readonly #options: RejectedOptions

  constructor(options: RejectedOptions) {
    this.#options = options
  }

  /** Throws `NotFound` when it, or its workflow, is gone. */
  async open(id: RejectionId): Promise<RejectedCase> {
    const { rejections, workflows } = this.#options.storage
    const [rejection, body] = await Promise.all([rejections.get(id), rejections.body(id)])
    if (rejection === undefined || body === undefined) throw new NotFound('There is no such rejection.')
    const workflow = await workflows.get(rejection.workflowId)
    if (workflow === undefined) throw new NotFound('The workflow of this rejection is gone.')
    const isWhole = body.length >= rejection.bodyBytes && !cutShort.has(rejection.status)
    return { rejection, workflow, body: Buffer.from(body), isWhole }
  }

  /** The request as it came: what is masked in it is put back where it is one of these secrets. */
  requestOf(
    { rejection, workflow, body }: RejectedCase,
    secrets: readonly KnownSecret[],
    username: string | undefined,
  ): { readonly request: InboundRequest; readonly shown: readonly ShownToken[] } {
    const { method, path, rawHeaders, ip, kind, fingerprints } = rejection
    const url = `${this.hookUrl(workflow, kind)}${path}`
    const request = new InboundRequest({ method, url, path, rawHeaders, ip, body })
    return findTokens(request, {
      secrets,
      username,
      fingerprints,
      fingerprint: this.#options.fingerprint,
    })
  }

  hookUrl({ token }: Workflow, kind: Rejection['kind']): string {
    return `${this.#options.publicUrl()}/${kind === 'test' ? 'hooks-test' : 'hooks'}/${token}`
  }

  /** The secrets in force by these settings, then the others that are stored. One that cannot be read is left out. */
  async secretsOf(verification: VerificationSettings | undefined): Promise<readonly KnownSecret[]> {
    const { secret, secrets = [] } = verification ?? {}
    const given = [secret, ...secrets].filter((each) => each !== undefined)
    const inForce = await Promise.all(given.map((each) => this.#known(each, true)))
    const names = new Set(given.map((each) => (isSecretReference(each) ? each.$secret : '')))
    const listed = (await this.#options.secrets.list()).filter(({ name }) => !names.has(name))
    const newest = listed.toSorted((a, b) => b.updatedAt - a.updatedAt).slice(0, otherSecretsMax)
    const others = await Promise.all(newest.map(({ name }) => this.#known({ $secret: name }, false)))
    return [...inForce, ...others].flatMap((each) => each ?? [])
  }

  async #known(secret: SecretText, inForce: boolean): Promise<KnownSecret | undefined> {
    if (!isSecretReference(secret)) return { name: undefined, text: secret, inForce }
    try {
      const text = await this.#options.secrets.reveal(secret.$secret)
      return text === undefined ? undefined : { name: secret.$secret, text, inForce }
    } catch {
      // It was encrypted with another key: whoever needs it is told by the door, and it can explain nothing here.
      return undefined
    }
  }
}
