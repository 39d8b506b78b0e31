/** What a secret looks like on its way: the patterns that find it again in a text that somebody wrote with it. */

/** Below this a secret is also a common part of words: it is then found only where it stands alone. */
const charactersMin = 4

/** Of each character of a secret, at most so many in a text: percent-encoded twice, or escaped in JSON in JSON. */
const growthMax = 16

export interface Form {
  /** A part that every match has; looked for first, because that is many times cheaper than the pattern. */
  readonly needle: string
  readonly pattern: RegExp
  /** The longest run of characters that a match takes. */
  readonly reach: number
}

/**
 * The forms of one secret: as it is, percent-encoded, escaped in JSON to any depth, and in base64, alone or inside a
 * longer text. None for a blank one.
 */
export function formsOf(secret: string): readonly Form[] {
  // Header values and form fields lose the blanks around them on their way.
  const texts = new Set([secret, secret.trim()].filter((text) => text.trim() !== ''))
  return [...texts].flatMap((text) => {
    const plain = text.toWellFormed()
    const reach = plain.length * growthMax
    if (plain.length < charactersMin) {
      const alone = `(?<![\\p{L}\\p{N}])${literally(plain)}(?![\\p{L}\\p{N}])`
      return [{ needle: plain, pattern: new RegExp(alone, 'gu'), reach }]
    }
    return [
      { needle: longestUnreserved(plain), pattern: writtenPattern(plain), reach },
      ...base64Forms(plain),
    ]
  })
}

const unreserved = /[A-Za-z0-9_.~-]/

/** RFC 3986, 2.3: what nobody encodes stands in every written form as it is. */
const longestUnreserved = (text: string): string =>
  text.split(/[^A-Za-z0-9_.~-]+/).reduce((longest, run) => (run.length > longest.length ? run : longest), '')

/**
 * One pattern for all the ways of writing, character by character. Backslashes multiply with every layer of JSON, so a
 * run of them stands for one; runs never adjoin in the pattern, and none opens it, or a text of nothing but backslashes
 * would take the square of its length.
 */
function writtenPattern(text: string): RegExp {
  let pattern = ''
  let before = ''
  for (const character of text) {
    if (character === '\\') pattern += before === '' ? backslash : before === '\\' ? '' : slashOrPercent
    else if (unreserved.test(character)) pattern += literally(character)
    else pattern += `(?:${waysToWrite(character, before).join('|')})`
    before = character
  }
  return new RegExp(pattern, 'g')
}

const backslash = '(?:\\\\|%(?:25)*5[cC])'
const slashOrPercent = '(?:\\\\+|(?:%(?:25)*5[cC])+)'

function waysToWrite(character: string, before: string): string[] {
  // A run of backslashes before this one, or the beginning: there is nothing more to take.
  const many = before === '' ? '\\\\' : before === '\\' ? '' : '\\\\+'
  const any = before === '' || before === '\\' ? '' : '\\\\*'
  const units = Array.from({ length: character.length }, (_, at) => hex(character.charCodeAt(at), 4))
  const bytes = Array.from(Buffer.from(character), (byte) => `%(?:25)*${hex(byte, 2)}`)
  const short = JSON.stringify(character).slice(1, -1)
  return [
    `${any}${literally(character)}`,
    bytes.join(''),
    units.map((unit, at) => `${at === 0 ? many : '\\\\+'}u${unit}`).join(''),
    ...(/^\\[bfnrt]$/.test(short) ? [`${many}${short.slice(1)}`] : []),
    ...(character === ' ' ? ['\\+'] : []),
  ]
}

const hex = (value: number, digits: number): string =>
  value
    .toString(16)
    .padStart(digits, '0')
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)

/** What base64 makes of the text at each of the three places where it may begin within three bytes. */
function base64Forms(text: string): Form[] {
  const bytes = Buffer.from(text)
  const cores = [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    const core = encoded.slice(Math.ceil((before * 8) / 6), whole)
    return [core, core.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(core)]
  })
  return [...new Set(cores)].map((needle) => ({
    needle,
    // The neighbours of the core hold bits of the secret's first and last bytes.
    pattern: new RegExp(`[\\w+/-]?${literally(needle)}[\\w+/-]?(?:=|%3[Dd]){0,2}`, 'g'),
    reach: needle.length + 8,
  }))
}

/** A pattern that matches this text and nothing else. */
const literally = (text: string): string => text.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&')
