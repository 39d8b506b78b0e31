/** Puts a text on the clipboard, also where the page came without TLS and the browser lends no clipboard. */
export async function copyText(text: string): Promise<void> {
  if (isSecureContext) return navigator.clipboard.writeText(text)
  const take = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopPropagation()
  }
  addEventListener('copy', take, { capture: true, once: true })
  document.execCommand('copy')
  removeEventListener('copy', take, { capture: true })
}
