/** The receiver in a process of its own, for when it must not share a core, or a crash, with what is measured. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Behaviour, openReceiver } from './receiver.ts'

export interface ReceiverProcess {
  readonly url: string
  /** The `webhook-id` of every request so far, in the order of arrival. */
  webhookIds(): Promise<readonly string[]>
  close(): Promise<void>
}

type Message = { readonly url: string } | { readonly webhookIds: readonly string[] }

export async function openReceiverProcess({
  behaviour,
  port = 0,
}: {
  readonly behaviour?: Behaviour
  readonly port?: number
} = {}): Promise<ReceiverProcess> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify({ behaviour, port })], { execArgv: [] })
  const ended = once(child, 'exit')
  const next = async (): Promise<Message> => {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown]
    if (typeof message !== 'object' || message === null)
      throw new Error(`the receiver ended: ${String(message)}`)
    return message as Message
  }
  const first = await next()
  if (!('url' in first)) throw new Error('the receiver did not say where it listens')
  return {
    url: first.url,
    async webhookIds() {
      const answer = next()
      child.send('webhook-ids')
      const message = await answer
      return 'webhookIds' in message ? message.webhookIds : []
    },
    async close() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

if (import.meta.main) {
  const { behaviour, port } = JSON.parse(process.argv[2] ?? '{}') as {
    readonly behaviour?: Behaviour
    readonly port?: number
  }
  const receiver = await openReceiver({
    ...(behaviour && { behaviour }),
    ...(port !== undefined && { port }),
  })
  process.on('message', () => {
    process.send?.({ webhookIds: receiver.requests.map(({ headers }) => headers['webhook-id'] ?? '') })
  })
  // Without the parent there is nobody to receive for.
  process.on('disconnect', () => process.exit())
  process.send?.({ url: receiver.url })
}
