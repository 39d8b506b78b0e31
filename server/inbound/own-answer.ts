/** What the webhook node itself says to the caller, where that holds templates or expressions over the event. */
import type { CallerAnswer } from '../../nodes/contract/context.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { toldAtOnce } from '../../nodes/contract/webhook-answer.ts'
import type { WebhookSettings } from '../../nodes/webhook.ts'
import { limits } from '../engine/limits.ts'
import { isOpen, resolve } from '../engine/settings.ts'
import { signal } from '../engine/signals.ts'
import type { ProgramKind, Sandbox } from '../runtime/runtime.ts'

/** What an answer's programs see, as JSON text. */
export interface AnswerScope {
  readonly workflowId: string
  readonly message: string
  readonly event: string
}

/** Makes the answer of one event; `undefined` when a program of it fails: then the caller gets the event's id, and it is told. */
export type OwnAnswer = (scope: AnswerScope) => Promise<CallerAnswer | undefined>

/** `undefined`: the answer is the same for every event, or the workflow's own. */
export function compileOwnAnswer(
  { answer }: Pick<WebhookSettings, 'answer'>,
  sandbox: Pick<Sandbox, 'evaluate'>,
): OwnAnswer | undefined {
  const told = toldAtOnce(answer)
  if (told === undefined || !isOpen({ headers: told.headers, body: told.body })) return undefined
  return async (scope) => {
    const run = async (kind: ProgramKind, source: string): Promise<Json> => {
      const evaluated = await sandbox.evaluate({
        workflowId: scope.workflowId,
        kind,
        source,
        message: scope.message,
        bindings: { event: scope.event },
        limits: {
          timeoutMs: limits.evaluationTimeoutMs,
          memoryMb: limits.evaluationMemoryMb,
          outputBytesMax: limits.outputBytesMax,
          logBytesMax: 0,
        },
      })
      if (!evaluated.ok) throw new Unanswered(evaluated.error.message)
      return JSON.parse(evaluated.value) as Json
    }
    const resolver = {
      expression: (source: string) => run('jsonata', source),
      template: async (source: string) => {
        const text = await run('template', source)
        return typeof text === 'string' ? text : JSON.stringify(text)
      },
      secret: () => Promise.reject(new Unanswered('an answer holds no secret')),
    }
    try {
      const [headers, body] = await Promise.all([
        resolve(told.headers, resolver),
        told.body === undefined ? undefined : resolve(told.body, resolver),
      ])
      const texts = Object.entries(headers as CallerAnswer['headers']).map(
        ([name, value]) => [name, value.replaceAll(/[\r\n\0]/g, ' ')] as const,
      )
      return { status: told.status, headers: Object.fromEntries(texts), body: (body ?? null) as Json }
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error
      signal('engine.trouble', { where: 'answer', message: error.message })
      return undefined
    }
  }
}

class Unanswered extends Error {}
