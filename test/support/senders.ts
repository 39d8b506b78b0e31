/** Senders of webhooks, each with its own library where there is one: what they send, and how they sign it. */
import { createHmac } from 'node:crypto'
import { sign as signAsGitHub } from '@octokit/webhooks-methods'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Stripe } from 'stripe'
import { Webhook as SvixWebhook } from 'svix'

export const secret = 'It is a secret to everybody'
const whsec = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`
export const now = () => Math.floor(Date.now() / 1_000)
export const hmac = (encoding: 'hex' | 'base64', text: string) =>
  createHmac('sha256', secret).update(text).digest(encoding)

export interface Sender {
  readonly name: string
  readonly verification: Readonly<Record<string, unknown>>
  /** What is sent, and the headers that go with it. Another `delivery` makes another one, wherever the sender says so. */
  readonly message: (delivery: string) => Readonly<Record<string, unknown>>
  readonly sign: (body: string, delivery: string) => Promise<Headers> | Headers
  readonly type: string
  /** Meta names no delivery, so that each of its requests is a new one. */
  readonly namesDeliveries?: false
}
export type Headers = Readonly<Record<string, string>>

const standardHeaders = (prefix: string, body: string, delivery: string): Headers => {
  const at = new Date(now() * 1_000)
  const signer = prefix === 'svix' ? new SvixWebhook(whsec) : new StandardWebhook(whsec)
  return {
    [`${prefix}-id`]: delivery,
    [`${prefix}-timestamp`]: `${now()}`,
    [`${prefix}-signature`]: signer.sign(delivery, at, body),
  }
}

export const senders: readonly Sender[] = [
  {
    name: 'GitHub (@octokit/webhooks-methods)',
    verification: { scheme: 'github', secret },
    message: () => ({ ref: 'refs/heads/main', pusher: { name: 'wörld 🦀' } }),
    sign: async (body, delivery) => ({
      'x-github-event': 'push',
      'x-github-delivery': delivery,
      'x-hub-signature-256': await signAsGitHub(secret, body),
    }),
    type: 'push',
  },
  {
    name: 'Stripe (generateTestHeaderString)',
    verification: { scheme: 'stripe', secret: 'whsec_of_stripe' },
    message: (id) => ({ id, object: 'event', type: 'charge.succeeded', data: { object: { amount: 1099 } } }),
    sign: (payload) => ({
      'stripe-signature': new Stripe('sk_test_1').webhooks.generateTestHeaderString({
        payload,
        secret: 'whsec_of_stripe',
      }),
    }),
    type: 'charge.succeeded',
  },
  {
    name: 'Svix (svix)',
    verification: { scheme: 'svix', secret: whsec },
    message: () => ({ type: 'invoice.paid', data: { id: 17 } }),
    sign: (body, delivery) => standardHeaders('svix', body, delivery),
    type: 'invoice.paid',
  },
  {
    name: 'Standard Webhooks (standardwebhooks)',
    verification: { scheme: 'standard-webhooks', secret: whsec },
    message: () => ({ type: 'contact.created', timestamp: '2026-11-22T00:00:00Z', data: {} }),
    sign: (body, delivery) => standardHeaders('webhook', body, delivery),
    type: 'contact.created',
  },
  {
    name: 'GitLab 19 (standardwebhooks)',
    verification: { scheme: 'gitlab', secret: whsec },
    message: () => ({ object_kind: 'push', ref: 'refs/heads/main' }),
    sign: (body, delivery) => ({
      'x-gitlab-event': 'Push Hook',
      ...standardHeaders('webhook', body, delivery),
    }),
    type: 'Push Hook',
  },
  {
    name: 'Slack',
    verification: { scheme: 'slack', secret },
    message: (id) => ({
      type: 'event_callback',
      event_id: id,
      event: { type: 'message', text: 'Live long.' },
    }),
    sign: (body) => {
      const at = `${now()}`
      return {
        'x-slack-request-timestamp': at,
        'x-slack-signature': `v0=${hmac('hex', `v0:${at}:${body}`)}`,
      }
    },
    type: 'message',
  },
  {
    name: 'Shopify',
    verification: { scheme: 'shopify', secret },
    message: () => ({ id: 5525385740346, total_price: '388.00' }),
    sign: (body, delivery) => ({
      'x-shopify-topic': 'orders/create',
      'x-shopify-webhook-id': delivery,
      'x-shopify-hmac-sha256': hmac('base64', body),
    }),
    type: 'orders/create',
  },
  {
    name: 'Meta',
    verification: { scheme: 'meta', secret, verifyToken: 'a-verify-token' },
    message: () => ({ object: 'page', entry: [{ id: '1', changes: [{ field: 'feed', value: {} }] }] }),
    sign: async (body) => ({ 'x-hub-signature-256': await signAsGitHub(secret, body) }),
    type: 'feed',
    namesDeliveries: false,
  },
]
