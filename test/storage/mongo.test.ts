import { afterAll, beforeAll, describe } from 'vitest'
import { openMongoStorage } from '../../server/storage/mongo.ts'
import { storageContract } from '../contract/storage.ts'
import { type MongoServer, hasMongo, noMongo, startMongo } from '../support/mongodb.ts'

describe.skipIf(!hasMongo)(`MongoDB${noMongo}`, () => {
  let server: MongoServer
  beforeAll(async () => {
    server = await startMongo()
  }, 300_000)
  afterAll(() => server.close())

  storageContract({
    name: 'MongoDB',
    open: (place) => openMongoStorage(server.url(`hookloom-${place}`)),
  })
})
