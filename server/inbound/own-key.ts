/** What makes two deliveries one, where the webhook node says it as an expression over the event. */
import type { Json } from '../../nodes/contract/json.ts'
import { signal } from '../engine/signals.ts'
import type { Sandbox } from '../runtime/runtime.ts'
import { keyOfValue } from './dedupe.ts'
import { type OwnScope, evaluateOwn } from './own-program.ts'

/** The key; null where the expression finds none, or fails: to run a copy is better than to lose the first. */
export async function evaluateKey(
  sandbox: Pick<Sandbox, 'evaluate'>,
  expression: string,
  scope: OwnScope,
): Promise<string | null> {
  const evaluated = await evaluateOwn(sandbox, 'jsonata', expression, scope)
  if (!evaluated.ok) {
    signal('engine.trouble', { where: 'dedupe', message: evaluated.error.message })
    return null
  }
  const key = keyOfValue(JSON.parse(evaluated.value) as Json)
  return key.kind === 'key' ? key.key : null
}
