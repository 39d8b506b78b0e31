/**
 * Where some senders send from, for whoever keeps all others out. They change, and each sender says where the list of today is:
 * the editor writes them into the setting, where they can be seen and changed; nothing is decided by this file.
 */
export interface SenderNetworks {
  readonly networks: readonly string[]
  /** The sender's own list. */
  readonly link: string
  /** When it was copied. */
  readonly asOf: string
}

/** By the provider's id. */
export const senderNetworks: Readonly<Record<string, SenderNetworks>> = {
  github: {
    networks: [
      '192.30.252.0/22',
      '185.199.108.0/22',
      '140.82.112.0/20',
      '143.55.64.0/20',
      '2a0a:a440::/29',
      '2606:50c0::/32',
    ],
    link: 'https://api.github.com/meta',
    asOf: '2026-02',
  },
  stripe: {
    networks: [
      '3.18.12.63',
      '3.69.109.8',
      '3.120.168.93',
      '3.130.192.231',
      '13.235.14.237',
      '13.235.122.149',
      '18.211.135.69',
      '35.154.171.200',
      '35.157.207.129',
      '52.15.183.38',
      '54.88.130.119',
      '54.88.130.237',
      '54.187.174.169',
      '54.187.205.235',
      '54.187.216.72',
    ],
    link: 'https://stripe.com/files/ips/ips_webhooks.txt',
    asOf: '2026-05',
  },
  telegram: {
    networks: ['149.154.160.0/20', '91.108.4.0/22'],
    link: 'https://core.telegram.org/bots/webhooks',
    asOf: '2026-02',
  },
}
