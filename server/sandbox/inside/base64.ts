/* oxlint-disable unicorn/consistent-function-scoping -- the exported function is sent as text, all that it uses with it */
/**
 * Runs inside an isolate as source text, so it uses nothing from outside itself.
 *
 * `btoa` and `atob` as browsers have them: text whose characters are bytes. Browsers throw a DOMException; this RangeError
 * says what was expected.
 */
export function base64() {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

  function btoa(value: unknown): string {
    const text = String(value)
    let encoded = ''
    for (let at = 0; at < text.length; at += 3) {
      const [a, b, c] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)]
      if (a > 255 || b > 255 || c > 255) {
        throw new RangeError('base64 is made of characters up to U+00FF; encode other text as UTF-8 first')
      }
      encoded += alphabet.charAt(a >> 2) + alphabet.charAt(((a & 3) << 4) | (b >> 4))
      encoded += Number.isNaN(b) ? '=' : alphabet.charAt(((b & 15) << 2) | (c >> 6))
      encoded += Number.isNaN(c) ? '=' : alphabet.charAt(c & 63)
    }
    return encoded
  }

  function atob(value: unknown): string {
    const text = String(value)
      .replace(/[\t\n\f\r ]/g, '')
      .replace(/={1,2}$/, '')
    if (/[^A-Za-z0-9+/]/.test(text) || text.length % 4 === 1) throw new RangeError('this is not base64 text')
    let decoded = ''
    let bits = 0
    for (let at = 0; at < text.length; at += 1) {
      bits = ((bits << 6) | alphabet.indexOf(text.charAt(at))) & 0xffffff
      if (at % 4 > 0) decoded += String.fromCharCode((bits >> (6 - 2 * (at % 4))) & 255)
    }
    return decoded
  }

  return { btoa, atob }
}
