import type { Request, RequestHandler, Response } from 'express'
import { readJson } from '../inbound/json-text.ts'
import { ProblemError } from './problem.ts'
import { readBody } from './read-body.ts'

/** Of a caller who is signed in: a graph of 1,000 nodes with long scripts is well below. */
export const bodyBytesMax = 8 * 1_024 * 1_024
/** Of one who is not: a token, or a name and a password. */
export const publicBodyBytesMax = 16 * 1_024
/** From the last header to the last byte of the body. */
const bodyTimeoutMs = 10_000

/**
 * Reads the body of a request of the API as JSON, by the rules of the door: UTF-8, at most 100 levels deep. No body is an
 * empty object. A form or a text, which another site can send, is no API request.
 */
export const jsonBody =
  (bytesMax: number): RequestHandler =>
  (request, response, next) => {
    read(request, response, bytesMax).then((value) => {
      request.body = value
      next()
    }, next)
  }

async function read(request: Request, response: Response, bytesMax: number): Promise<unknown> {
  const { headers } = request
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in headers
  if (!hasBody) return {}
  if (!isJson(headers['content-type'] ?? ''))
    throw new ProblemError('unsupported-media-type', 'Send the body as application/json, in UTF-8.')
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
    throw new ProblemError('unsupported-media-type', 'Send the body as it is, without a content encoding.')
  const body = await readBody(request, { bytesMax, timeoutMs: bodyTimeoutMs })
  if (body.ok) {
    const json = readJson(body.body)
    if (json.ok) return json.value
    throw new ProblemError('bad-request', json.detail, { reason: json.reason })
  }
  if (body.why === 'too-large') {
    // The rest is thrown away as it comes: many a caller reads no answer before it has sent all. It has 30 s for that.
    request.resume()
    throw new ProblemError(
      'too-large',
      `The body has more than ${bytesMax} bytes, the most that is read here.`,
    )
  }
  response.shouldKeepAlive = false
  throw new ProblemError('timeout', `The body did not come within ${bodyTimeoutMs / 1_000} s.`)
}

/** `application/json` or `application/…+json` and nothing beside it but UTF-8, which JSON is always in (RFC 8259). */
const isJson = (contentType: string): boolean =>
  /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(contentType)
