import { randomUUID } from 'node:crypto'
import {
  type SignalName,
  type Signals,
  onSignal,
  onSignalElsewhere,
  signalElsewhere,
} from '../engine/signals.ts'
import type { RedisAddress } from '../redis/address.ts'
import { connectRedis, isConnected } from '../redis/connect.ts'
import type { Fleet, FleetOptions, Word } from './fleet.ts'

/** What crosses: what live pages show, what callers wait for, and what makes copies out of date. */
const relayed = [
  'workflow.changed',
  'secret.changed',
  'event.accepted',
  'event.rejected',
  'run.changed',
  'step.recorded',
] as const satisfies readonly SignalName[]
type Relayed = (typeof relayed)[number]

type Told = { readonly signal: Relayed; readonly content: Signals[Relayed] } | { readonly word: Word }
interface Message {
  readonly from: string
  readonly told: readonly Told[]
}

const channel = '{hookloom}:fleet'
/** What is told within so long goes as one message. */
const gatherMs = 20
/** While Redis is away nobody hears of changes, so nothing is kept for longer than this. */
const forgetMs = 2_000
/** Words that wait for one message; a rush of signals beyond it is a page that is drawn less often. */
const toldMost = 5_000

/** The processes that share a Redis, by its pub/sub. */
export function openRedisFleet(address: RedisAddress, { onWord, onChanged }: FleetOptions): Fleet {
  const self = randomUUID()
  // Told by the queue, which watches the same server.
  const ignore = () => undefined
  const speaking = connectRedis(address, 'asking', ignore)
  const hearing = connectRedis(address, 'working', ignore)
  let waiting: Told[] = []
  let timer: NodeJS.Timeout | undefined

  const send = () => {
    timer = undefined
    const message: Message = { from: self, told: waiting }
    waiting = []
    if (isConnected(speaking)) speaking.publish(channel, JSON.stringify(message)).catch(ignore)
  }
  const put = (told: Told) => {
    if (waiting.length >= toldMost) return
    waiting.push(told)
    timer ??= setTimeout(send, gatherMs)
  }
  const hear = (_channel: string, text: string) => {
    // Only processes of this server write here.
    const { from, told } = JSON.parse(text) as Message
    if (from === self) return
    for (const each of told) {
      if ('word' in each) onWord(each.word)
      else signalElsewhere(each.signal, each.content)
    }
  }

  const stops = [
    ...relayed.map((name) => onSignal(name, (content) => put({ signal: name, content }))),
    onSignalElsewhere('workflow.changed', onChanged),
    onSignalElsewhere('secret.changed', onChanged),
  ]
  hearing.on('message', hear)
  // What was told while the connection was broken is not known here.
  hearing.on('ready', onChanged)
  hearing.subscribe(channel).catch(ignore)
  const forgetting = setInterval(() => {
    if (!isConnected(hearing)) onChanged()
  }, forgetMs).unref()

  return {
    tell: (word) => put({ word }),
    async close() {
      for (const stop of stops) stop()
      clearInterval(forgetting)
      clearTimeout(timer)
      if (waiting.length > 0) send()
      hearing.disconnect()
      await speaking.quit().catch(() => speaking.disconnect())
    },
  }
}
