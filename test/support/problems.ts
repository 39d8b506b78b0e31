import { expect } from 'vitest'
import type { RawAnswer } from './raw-socket.ts'

/** Every answer is a 2xx or a problem document, whose status is the one of the line. */
export function expectProblems(answers: readonly RawAnswer[]): void {
  for (const { status, headers, body } of answers) {
    if (status < 400) continue
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(JSON.parse(body)).toMatchObject({ status, type: expect.stringMatching(/^urn:hookloom:problem:/) })
  }
}
