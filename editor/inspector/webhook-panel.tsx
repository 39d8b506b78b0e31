/** The hook's URL, the steps at the sender, and what arrives. */
export const WebhookPanel = () => null
