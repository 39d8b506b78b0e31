/** What accepting is measured against: a bare Express 5 app that answers 200 to a POST. Prints its port. */
import express from 'express'
import type { AddressInfo } from 'node:net'

const app = express()
app.use(express.json())
app.post('/*path', (_request, response) => void response.json({ ok: true }))
const server = app.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
