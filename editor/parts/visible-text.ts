/**
 * Payloads are data: what a terminal or a browser would obey (colour codes, bells, marks that turn the direction of
 * writing) is shown as the characters that it is made of.
 */
// The joiner stays: emoji are made with it.
const unseen = /(?![\t\n\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

export const visible = (text: string): string =>
  text.replaceAll(unseen, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16)
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
  })

/** In quotes and on one line, as JSON has it. */
export const quoted = (text: string): string => visible(JSON.stringify(text))

/** The start of a text; a pair of surrogates is not torn. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length)
}
