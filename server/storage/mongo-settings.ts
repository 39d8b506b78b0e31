import type { WorkerId } from '../../nodes/contract/ids.ts'
import { bufferOf } from './mongo-bytes.ts'
import type { Models } from './mongo-models.ts'
import type { SecretStore, SettingStore, WorkerStore } from './storage.ts'

/** Values by name: sealed secrets, settings, and the beats of workers. */
export const openSecrets = ({ secrets }: Models): SecretStore => ({
  async put(name, sealed, at) {
    const value = { sealed: bufferOf(sealed), updatedAt: at }
    await secrets.updateOne({ _id: name }, { $set: value }, { upsert: true })
  },
  async get(name) {
    return (await secrets.findOne({ _id: name }).lean<{ readonly sealed: Buffer }>())?.sealed
  },
  async list() {
    const rows = await secrets
      .find({}, { updatedAt: 1 })
      .sort({ _id: 1 })
      .lean<{ readonly _id: string; readonly updatedAt: number }[]>()
    return rows.map(({ _id, updatedAt }) => ({ name: _id, updatedAt }))
  },
  delete: async (name) => (await secrets.deleteOne({ _id: name })).deletedCount > 0,
})

export const openSettings = ({ settings }: Models): SettingStore => ({
  get: async (name) => (await settings.findOne({ _id: name }).lean<{ readonly value: string }>())?.value,
  async put(name, value) {
    await settings.updateOne({ _id: name }, { $set: { value } }, { upsert: true })
  },
})

export const openWorkers = ({ workers }: Models): WorkerStore => ({
  async beat(id) {
    await workers.updateOne({ _id: id }, { $inc: { beat: 1 } }, { upsert: true })
  },
  async list() {
    const rows = await workers
      .find()
      .sort({ _id: 1 })
      .lean<{ readonly _id: WorkerId; readonly beat: number }[]>()
    return rows.map(({ _id, beat }) => ({ id: _id, beat }))
  },
  async remove(id) {
    await workers.deleteOne({ _id: id })
  },
})
