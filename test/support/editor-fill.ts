/** A server that has much to show in the editor. */
import { sign } from '@octokit/webhooks-methods'
import type { Receiver } from './receiver.ts'
import { eventually, type RunningServer } from './server.ts'
import { githubSecret, publish } from './workflows.ts'

/** What there is to see: a workflow with traffic, one that fails, one with problems. */
export interface Seen {
  readonly push: string
  readonly broken: string
  readonly event: string
  readonly failedRun: string
  readonly run: string
}

const step = (id: string, type: string, n: number, config: object, label?: string) => ({
  id,
  type,
  position: { x: n * 320, y: 0 },
  data: { config, ...(label !== undefined && { label }) },
})

const graphTo = (url: unknown) => ({
  nodes: [
    step(
      'hook',
      'webhook',
      0,
      { verification: { scheme: 'github', secret: { $secret: 'GITHUB' } } },
      'GitHub',
    ),
    step('main', 'filter', 1, { condition: "ref = 'refs/heads/main'" }, 'Only main'),
    step(
      'text',
      'transform',
      2,
      { expression: "{ 'text': pusher.name & ' pushed ' & $count(commits) & ' commits' }" },
      'Message',
    ),
    step('send', 'http', 3, { method: 'POST', url, retry: { attempts: 2, schedule: [0] } }),
  ],
  edges: [
    { id: 'e1', source: 'hook', target: 'main' },
    { id: 'e2', source: 'main', sourceHandle: 'match', target: 'text' },
    { id: 'e3', source: 'text', target: 'send' },
  ],
  notes: [
    { id: 'note', position: { x: 640, y: 176 }, width: 240, height: 96, text: 'The channel is #deploys.' },
  ],
})

/** Makes workflows, sends to them, and waits until all of it has come to its end. */
export async function fill(server: RunningServer, receiver: Receiver): Promise<Seen> {
  await server.api('PUT', '/api/secrets/GITHUB', { value: githubSecret })
  await server.api('PUT', '/api/secrets/SLACK_URL', { value: `${receiver.url}/slack` })
  const { id: push, path } = await publish(server, graphTo({ $secret: 'SLACK_URL' }), 'Push to Slack')
  const send = async (delivery: string, message: object, secret = githubSecret) => {
    const body = JSON.stringify(message)
    await fetch(server.url + path, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': delivery,
        'x-hub-signature-256': await sign(secret, body),
      },
    })
  }
  const settled = () =>
    eventually(
      () => server.api('GET', '/api/balance'),
      ({ pending }) => pending === 0,
    )
  const message = {
    ref: 'refs/heads/main',
    pusher: { name: 'octocat' },
    commits: [{ id: 'a10867b14bb761', message: 'Fix the door' }],
  }
  await send('one', message)
  await send('two', { ...message, ref: 'refs/heads/next' })
  await send('two', { ...message, ref: 'refs/heads/next' })
  await send('wrong', message, 'not the secret')
  await settled()
  receiver.behave({ kind: 'answer', status: 500, body: '{"error":"down for repair"}' })
  await send('three', message)
  await send('four', message)
  await settled()
  receiver.behave({ kind: 'answer', body: 'ok' })

  const draft = graphTo({ $secret: 'SLACK_URL' })
  const nodes = draft.nodes.map((node) =>
    node.id === 'main'
      ? { ...node, data: { ...node.data, config: { condition: "ref = 'refs/heads/next'" } } }
      : node,
  )
  await server.api('PATCH', `/api/workflows/${push}`, { graph: { ...draft, nodes } })
  const { id: broken } = await server.api('POST', '/api/workflows', {
    name: 'Half done',
    graph: graphTo(undefined),
  })
  await server.api('POST', '/api/workflows', {
    name: 'Orders to the CRM',
    enabled: false,
    publish: true,
    graph: graphTo('https://example.com/crm'),
  })
  const runs: readonly { readonly id: string; readonly eventId: string; readonly state: string }[] = (
    await server.api('GET', '/api/runs')
  ).items
  const of = (state: string) => runs.find((run) => run.state === state) ?? { id: '', eventId: '' }
  return { push, broken, event: of('succeeded').eventId, run: of('succeeded').id, failedRun: of('failed').id }
}
