import type { Graph } from '../../nodes/contract/graph.ts'
import { isSecretReference } from '../../nodes/contract/field.ts'
import type { SecretText } from '../../nodes/contract/scheme.ts'
import { providers, schemesOf } from '../../nodes/providers/index.ts'
import { type WebhookSettings, readWebhookSettings } from '../../nodes/webhook.ts'
import type { Workflow } from '../storage/storage.ts'
import { type Door, compileDoor } from './door.ts'
import { type Mask, compileMask, secretPlaces } from './mask.ts'
import { type OwnAnswer, compileOwnAnswer } from './own-answer.ts'
import type { Remote } from './remote.ts'
import type { Sandbox } from '../runtime/runtime.ts'

/** A workflow's hook, ready for requests: its published version, or its draft where somebody tests. */
export interface Hook {
  readonly workflow: Pick<Workflow, 'id' | 'name' | 'enabled' | 'token'>
  readonly kind: 'production' | 'test'
  /** Null for a draft. */
  readonly version: number | null
  /** The draft's graph, JSON text, for its run to carry. */
  readonly draft: string | undefined
  /** Absent: never published, so nobody is let in. */
  readonly door: Door | undefined
  readonly settings: WebhookSettings | undefined
  readonly dedupeWindowMs: number
  readonly ownAnswer: OwnAnswer | undefined
  readonly mask: Mask
  /** The name of a secret that the settings refer to and nobody has set: the provider may choose it. */
  readonly secretToLearn?: string | undefined
  /** Its sender wants refusals without a body. */
  readonly refusesSilently?: boolean
}

export interface HookTools {
  /** The text of a stored secret. */
  readonly reveal: (name: string) => Promise<string | undefined>
  readonly sandbox: Pick<Sandbox, 'evaluate'>
  /** For hooks whose keys have to be fetched. */
  readonly remote?: Remote | undefined
}

/** Compiles the settings of a graph's webhook node; its secrets are read now and kept with it. */
export async function openHook(
  workflow: Workflow,
  published:
    | { readonly version: number; readonly graph: Graph }
    | { readonly version: null; readonly graph: Graph }
    | undefined,
  { reveal, sandbox, remote }: HookTools,
): Promise<Hook> {
  const isDraft = published?.version === null
  const base = {
    workflow,
    kind: isDraft ? ('test' as const) : ('production' as const),
    version: published?.version ?? null,
    draft: isDraft ? workflow.draft : undefined,
  }
  // What is refused because nothing is published yet is recorded too, and its secrets are those of the draft.
  const { nodes } = published?.graph ?? (JSON.parse(workflow.draft) as Graph)
  const node = nodes.find(({ type }) => type === 'webhook')
  const read = node && readWebhookSettings(node.data.config)
  if (read === undefined) {
    const mask = compileMask({ secrets: [], places: [] })
    return { ...base, settings: read, door: undefined, dedupeWindowMs: 0, ownAnswer: undefined, mask }
  }
  const provider = providers.get(read.verification.scheme)
  // What the provider wants to hear, where the workflow says nothing else.
  const settings =
    node?.data.config['answer'] === undefined && provider?.answer !== undefined
      ? { ...read, answer: provider.answer }
      : read
  const textOf = async (secret: SecretText | undefined): Promise<string | undefined> =>
    isSecretReference(secret) ? reveal(secret.$secret) : secret
  const { verification } = settings
  const { secret, secrets = [], verifyToken } = verification
  const given = await Promise.all([secret, ...secrets].map(textOf))
  const texts = given.filter((text) => text !== undefined)
  const token = await textOf(verifyToken)
  const handshakes = provider?.handshakes ?? []
  return {
    ...base,
    settings,
    door: published && compileDoor(settings, { secrets: texts, verifyToken: token }, remote),
    secretToLearn: isSecretReference(secret) && texts.length === 0 ? secret.$secret : undefined,
    refusesSilently: provider?.refusals === 'empty',
    dedupeWindowMs: settings.dedupe.windowSeconds * 1_000,
    ownAnswer: compileOwnAnswer(settings, sandbox),
    mask: compileMask({
      // Very short texts would mask half of a request; they protect nothing either.
      secrets: [...texts, ...(token === undefined ? [] : [token])].filter((text) => text.length >= 4),
      places: [...secretPlaces(schemesOf(verification)), ...handshakes.flatMap(({ token }) => token ?? [])],
    }),
  }
}
