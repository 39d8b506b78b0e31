/**
 * `node test/bench/timing.ts [samples]`: whether the time of a comparison tells how much of a guess is right, after dudect
 * (Reparaz, Balasch, Verbauwhede, 2017). The door's own verifiers judge two kinds of wrong guesses in random order: `near` is
 * wrong in its last character, `far` in its first. |t| of Welch's test below 4.5 says that nobody can tell the two apart; two
 * comparisons that give themselves away are measured beside them, so that a blind instrument is seen.
 */
import { createHmac, randomBytes } from 'node:crypto'
import type { VerificationSettings } from '../../nodes/contract/scheme.ts'
import { InboundRequest } from '../../server/inbound/request.ts'
import { compileVerifier } from '../../server/inbound/verify.ts'

const tMax = 4.5
const samplesDefault = 200_000
/** Of each kind; no guess is met so often that its branch is learned. */
const guesses = 64
/** What the machine does beside is cut off above. */
const kept = 0.9

interface Subject {
  readonly name: string
  /** It must be found out: it is how the instrument is checked. */
  readonly leaks?: true
  /** Runs in one measured sample: what takes nanoseconds has to be seen by a clock that counts in tens of them. */
  readonly repeats: number
  readonly judge: (guess: Guess) => unknown
  readonly right: string
}

interface Guess {
  readonly text: string
  readonly request: InboundRequest
}

const secret = randomBytes(24).toString('hex')
const body = Buffer.from('{"n":1}')
const hex = createHmac('sha256', secret).update(body).digest('hex')

/** By the verifier that the door uses; `shown` is the header that the guess stands in. */
function bySettings(name: string, settings: VerificationSettings, right: string): Subject {
  const verifier = compileVerifier(settings, [secret])
  return { name, right, repeats: 5, judge: ({ request }) => verifier.verify(request, 0) }
}

function naive(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at += 1) if (a.charCodeAt(at) !== b.charCodeAt(at)) return false
  return true
}

const subjects: readonly Subject[] = [
  {
    name: 'a loop that ends early',
    leaks: true,
    repeats: 200,
    right: hex,
    judge: ({ text }) => naive(text, hex),
  },
  { name: '===', leaks: true, repeats: 200, right: hex, judge: ({ text }) => text === hex },
  bySettings('hmac', { scheme: 'hmac', header: 'x-shown' }, hex),
  bySettings('token', { scheme: 'api-key', header: 'x-shown' }, secret),
  bySettings('bearer', { scheme: 'bearer', header: 'x-shown' }, `Bearer ${secret}`),
]

const changed = (digit: string) => (digit === '0' ? '1' : '0')

/** A guess as it comes over a socket: a flat text of its own. */
function guessOf(right: string, at: number): Guess {
  const text = `${right.slice(0, at)}${changed(right[at] ?? '')}${right.slice(at + 1)}`
  const flat = Buffer.from(text, 'latin1').toString('latin1')
  const rawHeaders = ['x-shown', flat]
  return {
    text: flat,
    request: new InboundRequest({ method: 'POST', url: '', path: '', rawHeaders, body, ip: '' }),
  }
}

function measure(
  { repeats, right, judge }: Subject,
  samples: number,
): { readonly t: number; readonly ns: number } {
  const first = right.startsWith('Bearer ') ? 'Bearer '.length : 0
  const pools = [right.length - 1, first].map((at) =>
    Array.from({ length: guesses }, () => guessOf(right, at)),
  )
  const times: [number[], number[]] = [[], []]
  for (let n = 0; n < samples; n += 1) {
    const kind = Math.random() < 0.5 ? 0 : 1
    const guess = pools[kind]?.[n % guesses]
    if (guess === undefined) continue
    const began = process.hrtime.bigint()
    for (let again = 0; again < repeats; again += 1) judge(guess)
    times[kind].push(Number(process.hrtime.bigint() - began) / repeats)
  }
  const limit = times.flat().toSorted((a, b) => a - b)[Math.floor(samples * kept)] ?? Number.POSITIVE_INFINITY
  const [near, far] = times.map((list) => describe(list.filter((time) => time <= limit)))
  if (near === undefined || far === undefined) throw new Error('nothing was measured')
  const ns = near.mean - far.mean
  return { ns, t: ns / Math.sqrt(near.variance / near.count + far.variance / far.count) }
}

function describe(values: readonly number[]) {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  return { count, mean, variance }
}

const samples = Number(process.argv[2] ?? samplesDefault)
let isFine = true
for (const subject of subjects) {
  // The first runs belong to the compiler.
  measure(subject, samples / 10)
  const { t, ns } = measure(subject, samples)
  const isAsExpected = subject.leaks === true ? Math.abs(t) > tMax : Math.abs(t) < tMax
  isFine &&= isAsExpected
  const figures = `t ${t.toFixed(1).padStart(9)}   near − far ${ns.toFixed(2).padStart(8)} ns`
  const word = isAsExpected ? '' : subject.leaks === true ? '   NOT SEEN: measure again' : '   TELLS'
  process.stdout.write(`${subject.name.padEnd(24)}${figures}${word}\n`)
}
process.exitCode = isFine ? 0 : 1
