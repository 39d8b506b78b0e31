/** Why a request is not let in: one that was refused, or one that a person pastes while setting verification up. */
import type { Diagnosis, diagnose } from '../../nodes/contract/diagnosis.ts'
import { type RejectionId, readId } from '../../nodes/contract/ids.ts'
import type { WebhookSettings } from '../../nodes/webhook.ts'
import { examine } from '../inbound/doctor/doctor.ts'
import { explainDoor } from '../inbound/doctor/door-words.ts'
import { findTokens } from '../inbound/doctor/tokens.ts'
import type { Hook } from '../inbound/hook.ts'
import type { Remote } from '../inbound/remote.ts'
import { InboundRequest } from '../inbound/request.ts'
import { NotFound, type Storage } from '../storage/storage.ts'
import type { Published } from './published.ts'
import type { Rejected, RejectedCase } from './rejected.ts'

export interface DiagnosingOptions {
  readonly storage: Pick<Storage, 'workflows'>
  readonly published: Pick<Published, 'hookOf' | 'draftHook'>
  readonly rejected: Rejected
  readonly remote: Remote
}

/** What `diagnose` makes of a request to the API. */
type Asked = ReturnType<(typeof diagnose)['parse']>

export class Diagnosing {
  readonly #options: DiagnosingOptions

  constructor(options: DiagnosingOptions) {
    this.#options = options
  }

  /** By what is published, and then by the draft, which is what can be changed. Throws `NotFound`. */
  async rejection(id: RejectionId): Promise<Diagnosis> {
    const { published, rejected } = this.#options
    const refused = await rejected.open(id)
    const { rejection, workflow } = refused
    const [live, draft] = await Promise.all([published.hookOf(workflow), published.draftHook(workflow.token)])
    const isProduction = rejection.kind === 'production'
    if (isProduction && (await this.#admits(live, refused))) return mended
    if (await this.#admits(draft, refused)) return isProduction ? unpublished : mended
    return this.#explain(draft?.settings, refused)
  }

  /** A pasted request, by settings that need not be saved. Throws `NotFound` when there is no such workflow. */
  async pasted({ verification, workflowId, secret, request: told, cameAt }: Asked): Promise<Diagnosis> {
    const { rejected, remote } = this.#options
    const hookUrl = await this.#hookUrl(workflowId)
    const url = told.url ?? hookUrl
    const own = await rejected.secretsOf(verification)
    const secrets =
      secret === undefined
        ? own
        : [
            { name: undefined, text: secret, inForce: true },
            ...own.map((each) => ({ ...each, inForce: false })),
          ]
    const pasted = new InboundRequest({
      method: told.method,
      url,
      path: pathBehind(url, hookUrl),
      rawHeaders: told.headers.flatMap(({ name, value }) => [name, value]),
      body: Buffer.from(told.body, told.bodyEncoding),
      ip: '',
    })
    const { username } = verification
    const { request, shown } = findTokens(pasted, { secrets, username, fingerprints: {}, fingerprint: same })
    const at = cameAt === undefined ? undefined : Date.parse(cameAt)
    return examine({ request, cameAt: at, verification, secrets, bodyIsWhole: true, remote }, shown)
  }

  async #admits(hook: Hook | undefined, refused: RejectedCase): Promise<boolean> {
    if (hook?.door === undefined || hook.settings === undefined || !refused.isWhole) return false
    const { request } = await this.#request(hook.settings, refused)
    const admission = await hook.door.admit(request, refused.rejection.at)
    return admission.kind !== 'refused'
  }

  async #explain(settings: WebhookSettings | undefined, refused: RejectedCase): Promise<Diagnosis> {
    if (settings === undefined) return unfinished
    const { rejection, isWhole } = refused
    const { request, secrets, shown } = await this.#request(settings, refused)
    const { verification } = settings
    if (rejection.status !== 401) return explainDoor(rejection, request, settings)
    const { remote } = this.#options
    return examine(
      { request, cameAt: rejection.at, verification, secrets, bodyIsWhole: isWhole, remote },
      shown,
    )
  }

  async #request({ verification }: WebhookSettings, refused: RejectedCase) {
    const { rejected } = this.#options
    const secrets = await rejected.secretsOf(verification)
    return { secrets, ...rejected.requestOf(refused, secrets, verification.username) }
  }

  async #hookUrl(workflowId: string | undefined): Promise<string> {
    if (workflowId === undefined) return ''
    const id = readId('wf', workflowId)
    const workflow = id && (await this.#options.storage.workflows.get(id))
    if (workflow === undefined) throw new NotFound('There is no such workflow.')
    return this.#options.rejected.hookUrl(workflow, 'production')
  }
}

/** Nothing of what is pasted is masked. */
const same = (text: string): string => text

/** What stands behind the hook's token; of another URL, all that is behind its host. */
function pathBehind(url: string, hookUrl: string): string {
  if (hookUrl !== '' && url.startsWith(hookUrl)) return url.slice(hookUrl.length)
  return URL.canParse(url) ? `${new URL(url).pathname}${new URL(url).search}` : ''
}

const told = (outcome: Diagnosis['outcome'], sentence: string, remedy: Diagnosis['remedy']): Diagnosis => ({
  outcome,
  sentence,
  findings: [],
  remedy,
  tried: 0,
})

const mended = told('passes', 'The cause is mended: this request would be let in now.', {
  kind: 'accept',
  label: 'Accept it',
})
const unpublished = told('found', 'The draft lets this request in: publish it, then accept this one.', {
  kind: 'publish',
  label: 'Publish',
})
const unfinished = told(
  'found',
  'The draft has no webhook node whose settings can be used: mend it, then publish.',
  null,
)
