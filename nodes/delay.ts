import { seconds, time } from './contract/field.ts'
import { TerminalFailure } from './contract/failure.ts'
import { defineNode } from './contract/node.ts'
import { duration, shown } from './contract/shown.ts'

const daysMax = 365
const secondsMax = daysMax * 86_400

export const delay = defineNode({
  id: 'delay',
  title: 'Delay',
  summary: 'Holds the message back for a while, or until a moment, and then passes it on.',
  icon: 'clock',
  group: 'logic',

  fields: {
    for: seconds({ label: 'For (seconds)', help: `At most ${daysMax} days.`, most: secondsMax }),
    until: time({
      label: 'Until',
      help: 'A moment with its time zone, e.g. 2027-01-31T09:00:00Z or {{ remind_at }}. One that is past goes on at once.',
    }),
  },
  shows: {
    for: ({ for: wait, until }) => wait !== undefined || until === undefined,
    until: ({ for: wait, until }) => until !== undefined || wait === undefined,
  },
  sentence: ({ for: wait, until }) =>
    typeof wait === 'number'
      ? ['Wait', duration(wait)]
      : wait === undefined && until !== undefined
        ? ['Wait until', shown(until)]
        : ['Wait', shown(wait)],
  outputs: { out: 'Out' },
  role: 'waits',
  pure: true,
  check: ({ for: wait, until }) => {
    if (wait === undefined && until === undefined) {
      return [{ path: 'for', message: 'For: say how long, or until when, the message waits.' }]
    }
    return wait !== undefined && until !== undefined
      ? [
          {
            path: 'until',
            message: 'Until: a delay lasts for a time or until a moment, not both. Remove one of them.',
          },
        ]
      : []
  },

  examples: [
    {
      title: 'Ten minutes later',
      config: { for: 600 },
      input: { cart: 'C-3' },
      output: { port: 'out', data: { cart: 'C-3' } },
    },
    {
      title: 'A moment that is past goes on at once',
      config: { until: '2001-09-09T01:46:40Z' },
      input: { reminder: 'renew' },
      output: { port: 'out', data: { reminder: 'renew' } },
    },
  ],

  run({ for: wait, until }, { input, now }) {
    const start = now().getTime()
    const resumeAt = new Date(until ?? start + (wait ?? 0) * 1_000)
    if (!(resumeAt.getTime() - start <= secondsMax * 1_000)) {
      throw new TerminalFailure({
        code: 'delay-too-long',
        message: `The message was to wait until ${shown(until)}: a delay lasts at most ${daysMax} days. Choose an earlier moment.`,
      })
    }
    return resumeAt.getTime() > start ? { port: 'out', data: input, resumeAt } : { port: 'out', data: input }
  },
})
