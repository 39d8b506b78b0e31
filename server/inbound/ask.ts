import type { AskScheme } from '../../nodes/contract/scheme.ts'
import { readJson } from './json-text.ts'
import { joinPieces } from './hmac.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Remote } from './remote.ts'
import type { InboundRequest } from './request.ts'
import { type SignedText, compileSignedText } from './signed-text.ts'
import { genuine, mismatch, unreadable } from './signature.ts'
import type { Verdict, Verifier } from './verify.ts'

interface Account {
  readonly id: string
  readonly user: string
  readonly password: string
}

/** The provider is asked whether it sent a request: with its own words, and the account's name and password. */
export function compileAsk(
  scheme: AskScheme,
  secrets: readonly string[],
  remote: Remote | undefined,
): Verifier {
  const accounts = secrets.flatMap(readAccount)
  if (accounts.length === 0) {
    const detail = 'The secret is not id:user:password. Paste all three, with a colon between them.'
    const refusal = refuse(401, 'secret-unusable', detail)
    return { verify: () => refusal }
  }
  const fields: (readonly [string, SignedText | 'body'])[] = []
  for (const [name, template] of Object.entries(scheme.body)) {
    const compiled = compileSignedText(template)
    if (!compiled.ok) return unreadable(compiled.unknown)
    fields.push([name, template === '{body}' ? 'body' : compiled.text])
  }

  async function verify(request: InboundRequest, nowMs: number): Promise<Verdict> {
    if (remote === undefined) return refuse(503, 'keys-unreachable', 'Nobody can be asked here.')
    let refusal: Verdict = mismatch
    for (const account of accounts) {
      const question = writeQuestion(fields, request, account.id)
      if (typeof question !== 'string') return question
      refusal = await ask(scheme, account, question, remote, nowMs)
      if (refusal.ok) return refusal
    }
    return refusal
  }
  return { verify }
}

function readAccount(secret: string): readonly Account[] {
  const [, id, user, password] = /^([^:\s]+):([^:\s]+):(\S+)$/.exec(secret.trim()) ?? []
  return id === undefined || user === undefined || password === undefined ? [] : [{ id, user, password }]
}

/** JSON by hand, so that the body is asked about byte by byte as it came. */
function writeQuestion(
  fields: readonly (readonly [string, SignedText | 'body'])[],
  request: InboundRequest,
  secret: string,
): string | Refusal {
  const read = readJson(request.body)
  if (!read.ok) return read
  const written: string[] = []
  for (const [name, text] of fields) {
    if (text === 'body') {
      written.push(`${JSON.stringify(name)}:${read.text}`)
      continue
    }
    const values = { request, parts: new Map(), timestamp: '', id: '', secret, url: request.url }
    const value = joinPieces(text.pieces(values)).toString('latin1')
    if (value === '') {
      return refuse(
        401,
        'signature-missing',
        `The request does not say its "${name}". Let its sender send it.`,
      )
    }
    written.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`)
  }
  return `{${written.join(',')}}`
}

async function ask(
  { tokenUrl, url, says }: AskScheme,
  { user, password }: Account,
  body: string,
  remote: Remote,
  nowMs: number,
): Promise<Verdict> {
  const token = await remote.token(tokenUrl, user, password, nowMs)
  if (!token.ok) return token
  const answer = await remote.object({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${token.value}`, 'content-type': 'application/json' },
    body,
    secrets: [token.value],
  })
  if (!answer.ok) {
    // It may have been withdrawn: the sender's next try gets another.
    remote.forgetToken(tokenUrl, user, password)
    return answer
  }
  return answer.value[says.field] === says.is ? genuine : mismatch
}
