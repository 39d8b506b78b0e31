import { Send } from 'lucide-react'
import { isExpression, isSecretReference, isTemplate, type Saved } from '../../nodes/contract/field.ts'
import type { GraphNode } from '../../nodes/contract/graph.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { InputOutput } from './input-output.tsx'
import { Verdict } from './verdict.tsx'

interface WouldSendProps {
  readonly node: GraphNode
  readonly input: Json
}

/** A node that sends or answers: what it would get, and what of its request can be told without running it. */
export function WouldSend({ node, input }: WouldSendProps) {
  const { config } = node.data
  const what = node.type === 'http' ? request(config) : undefined
  return (
    <>
      <Verdict icon={<Send />} tone="quiet" title={what?.title ?? 'Nothing is sent while you look'}>
        {what?.body ?? 'This node acts when a run reaches it. Run a test to see what it does.'}
      </Verdict>
      <InputOutput nodeId={node.id} input={input} />
    </>
  )
}

function request(config: Saved): { readonly title: string; readonly body: string } {
  const { method = 'POST', url = '', body } = config
  const isOpen: boolean = isTemplate(url)
  const isTold = typeof url === 'string' && url !== '' && !isOpen && typeof method === 'string'
  const title = isTold ? `Nothing was sent. It would be ${method} to ${url}` : 'Nothing was sent'
  const place = isTold ? '' : urlWords(url)
  if (method === 'GET' || method === 'HEAD') return { title, body: `${place}It has no body.` }
  if (body === undefined) return { title, body: `${place}Its body would be the input below.` }
  return { title, body: `${place}Its body is made from the settings when it runs.` }
}

function urlWords(url: unknown): string {
  if (isSecretReference(url)) return `Its URL is the secret ${url.$secret}. `
  if (url === '' || url === undefined) return 'Its URL is missing. '
  return isExpression(url) || isTemplate(url) ? 'Its URL is made from the settings when it runs. ' : ''
}
