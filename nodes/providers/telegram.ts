import type { Provider } from '../contract/provider.ts'

export const telegram: Provider = {
  id: 'telegram',
  title: 'Telegram',
  icon: 'send',
  link: 'https://core.telegram.org/bots/api#setwebhook',
  secretIsOwn: true,
  setup: [
    'Make a bot with @BotFather and keep its token.',
    'Make up a secret of 1 to 256 letters, digits, dashes and underscores, and paste it into the secret field here.',
    'Call https://api.telegram.org/bot<token>/setWebhook with "url" (the hook URL) and "secret_token" (the secret).',
  ],
  caution: 'Telegram signs nothing: it shows the secret with each update.',
  schemes: [{ kind: 'token', from: [{ header: 'x-telegram-bot-api-secret-token' }] }],
  settings: [],
  type: [
    {
      whichOf: [
        'message',
        'edited_message',
        'channel_post',
        'callback_query',
        'inline_query',
        'message_reaction',
        'my_chat_member',
        'chat_member',
        'chat_join_request',
        'poll',
        'poll_answer',
        'pre_checkout_query',
        'shipping_query',
      ],
    },
  ],
  delivery: [{ body: 'update_id' }],
  samples: [
    {
      title: 'message',
      headers: { 'content-type': 'application/json' },
      body: {
        update_id: 10000,
        message: {
          date: 1441645532,
          chat: {
            last_name: 'Test Lastname',
            id: 1111111,
            first_name: 'Test',
            username: 'Test',
            type: 'private',
          },
          message_id: 1365,
          from: {
            last_name: 'Test Lastname',
            id: 1111111,
            first_name: 'Test',
            username: 'Test',
            is_bot: false,
          },
          text: '/start',
        },
      },
    },
  ],
}
