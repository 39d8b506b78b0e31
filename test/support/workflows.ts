import type { Answer, RunningServer } from './server.ts'

export const githubSecret = 'It is a secret to everybody'

/** Verified by GitHub's signature → only main → a message with the delivery's id → sent to `target`. */
export const pushGraph = (target: string, http: Readonly<Record<string, unknown>> = {}) => ({
  nodes: [
    {
      id: 'hook',
      type: 'webhook',
      data: { config: { verification: { scheme: 'github', secret: githubSecret } } },
    },
    { id: 'main', type: 'filter', data: { config: { condition: "ref = 'refs/heads/main'" } } },
    {
      id: 'text',
      type: 'transform',
      data: { config: { expression: "{ 'delivery': delivery, 'made': $random() }" } },
    },
    { id: 'send', type: 'http', data: { config: { url: target, ...http } } },
  ],
  edges: [
    { id: 'e1', source: 'hook', target: 'main' },
    { id: 'e2', source: 'main', sourceHandle: 'match', target: 'text' },
    { id: 'e3', source: 'text', target: 'send' },
  ],
})

/** Makes and publishes a workflow; its hook's path, for whichever port the server has. */
export async function publish(
  server: Pick<RunningServer, 'api'>,
  graph: unknown,
  name = 'Test',
): Promise<{ id: string; path: string }> {
  const made: Answer = await server.api('POST', '/api/workflows', { name, graph, publish: true })
  if (made.hook === undefined) throw new Error(`not published: ${JSON.stringify(made)}`)
  return { id: made.id, path: new URL(made.hook.url).pathname }
}
