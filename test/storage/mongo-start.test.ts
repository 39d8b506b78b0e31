/** What a start on MongoDB meets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMongo } from '../../server/storage/mongo-connect.ts'
import { openMongoStorage } from '../../server/storage/mongo.ts'
import { accepted, stored } from '../contract/storage/world.ts'
import { muteMongo } from '../support/mongo-mute.ts'
import { type MongoServer, hasMongo, noMongo, startMongo } from '../support/mongodb.ts'

describe.skipIf(!hasMongo)(`a start on MongoDB${noMongo}`, () => {
  let server: MongoServer
  let databases = 0
  beforeAll(async () => {
    server = await startMongo()
  }, 300_000)
  afterAll(() => server.close())
  const newUrl = () => server.url(`hookloom-${process.pid}-start-${(databases += 1)}`)

  test('a server that is not there stops the start with one line', { timeout: 60_000 }, async () => {
    await expect(openMongoStorage('mongodb://127.0.0.1:9/none')).rejects.toThrow(
      /^MongoDB cannot be used [^\n]*HOOKLOOM_MONGODB_URL[^\n]*$/,
    )
  })

  test('a server that is there and does not answer is asked again, and the start succeeds once it does', async () => {
    const mute = await muteMongo(newUrl())
    const storage = await openMongoStorage(mute.url)
    expect(mute.connections()).toBeGreaterThan(1)
    const { run } = await accepted(storage, await stored(storage))
    expect(await storage.runs.get(run.id)).toMatchObject({ state: 'accepted' })
    await storage.close()
    await mute.close()
  })

  test('an older Hookloom does not start on a database that a newer one has opened', async () => {
    const url = newUrl()
    const { models, close } = await openMongo(url)
    const { value } = (await models.settings.findOne({ _id: 'schema' }).lean<{ value: string }>()) ?? {}
    const newer = String(Number(value) + 1)
    await models.settings.updateOne({ _id: 'schema' }, { $set: { value: newer } })
    await expect(openMongoStorage(url)).rejects.toThrow(
      `written by a newer Hookloom (its schema is ${newer}, this program knows ${value})`,
    )
    await close()
  })
})
