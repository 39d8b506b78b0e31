import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const npm: Provider = {
  id: 'npm',
  title: 'npm',
  icon: 'package',
  link: 'https://docs.npmjs.com/cli/v10/commands/npm-hook',
  secretIsOwn: true,
  setup: [
    'Make up a long secret and paste it into the secret field here.',
    'Run: npm hook add <package> <the hook URL> <the secret>',
  ],
  schemes: [{ ...overBody, from: [{ header: 'x-npm-signature' }], prefix: 'sha256=', encoding: 'hex' }],
  settings: [],
  type: [{ body: 'event' }],
  samples: [
    {
      title: 'package:publish',
      headers: { 'content-type': 'application/json', 'user-agent': 'npm-hooks' },
      body: {
        event: 'package:publish',
        name: '@example/package',
        type: 'package',
        version: '1.0.0',
        hookOwner: { username: 'bcoe' },
        payload: { name: '@example/package' },
        change: { version: '1.1.0' },
        time: 1473115414524,
      },
    },
  ],
}
