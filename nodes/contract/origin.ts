/** Whether a text is the origin of a page as browsers write it: scheme, host, and a port that is not the usual one; or `*`. */
export const isOrigin = (text: string): boolean =>
  text === '*' || (/^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text)
