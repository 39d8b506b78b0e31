import type { Graph } from '../../nodes/contract/graph.ts'
import { type Fields, type Saved, isSecretReference } from '../../nodes/contract/field.ts'
import type { SecretText } from '../../nodes/contract/scheme.ts'
import { type WebhookSettings, webhook } from '../../nodes/webhook.ts'
import type { Workflow } from '../storage/storage.ts'
import { type Door, compileDoor } from './door.ts'

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
  /** The texts that no record of a request may hold. */
  readonly secrets: readonly string[]
}

/** The settings of a webhook node, checked and complete; `undefined` when one of them cannot be used. */
export function readWebhookSettings(config: Saved): WebhookSettings | undefined {
  const read = Object.entries(webhook.fields as Fields).map(([name, { schema, initial }]) => {
    const parsed = schema.safeParse(name in config ? config[name] : initial)
    return parsed.success ? ([name, parsed.data] as const) : undefined
  })
  const entries = read.filter((entry) => entry !== undefined)
  return entries.length === read.length ? (Object.fromEntries(entries) as WebhookSettings) : undefined
}

/** Compiles the settings of a graph's webhook node; its secrets are read now and kept with it. */
export async function openHook(
  workflow: Workflow,
  published:
    | { readonly version: number; readonly graph: Graph }
    | { readonly version: null; readonly graph: Graph }
    | undefined,
  reveal: (name: string) => Promise<string | undefined>,
): Promise<Hook> {
  const node = published?.graph.nodes.find(({ type }) => type === 'webhook')
  const isDraft = published?.version === null
  const base = {
    workflow,
    kind: isDraft ? ('test' as const) : ('production' as const),
    version: published?.version ?? null,
    draft: isDraft ? workflow.draft : undefined,
  }
  const settings = node && readWebhookSettings(node.data.config)
  if (settings === undefined) return { ...base, door: undefined, settings, dedupeWindowMs: 0, secrets: [] }
  const textOf = async (secret: SecretText | undefined): Promise<string | undefined> =>
    isSecretReference(secret) ? reveal(secret.$secret) : secret
  const { secret, secrets = [], verifyToken } = settings.verification
  const given = await Promise.all([secret, ...secrets].map(textOf))
  const texts = given.filter((text) => text !== undefined)
  const token = await textOf(verifyToken)
  return {
    ...base,
    settings,
    door: compileDoor(settings, { secrets: texts, verifyToken: token }),
    dedupeWindowMs: settings.dedupe.windowSeconds * 1_000,
    // Very short texts would mask half of a request; they protect nothing either.
    secrets: [...texts, ...(token === undefined ? [] : [token])].filter((text) => text.length >= 4),
  }
}
