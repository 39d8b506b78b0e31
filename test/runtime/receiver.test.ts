import { expect, onTestFinished, test } from 'vitest'
import { openReceiverProcess } from '../support/receiver-process.ts'
import { openWayOut, outcomeOf } from './world.ts'

test('a receiver in a process of its own answers as told, and tells what it got', async () => {
  const receiver = await openReceiverProcess({ behaviour: { kind: 'answer', status: 202 } })
  onTestFinished(() => receiver.close())
  const send = openWayOut()
  for (const id of ['run_1:a', 'run_2:b']) {
    expect(outcomeOf(await send({ url: receiver.url, body: '{}' }, { id }))).toBe('answered 202')
  }
  expect(await receiver.webhookIds()).toEqual(['run_1:a', 'run_2:b'])
})
