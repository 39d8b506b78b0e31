import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { catalogue, tables, withTables } from './tables/tables.ts'

const say = 'run `npm run tables`'

test.each(Object.entries(tables))(
  'the table "%s" in the README is the one that the code makes',
  (_name, table) => {
    expect(readFileSync('README.md', 'utf8').includes(`\n${table}\n`), say).toBe(true)
  },
)

test('the README is what `npm run tables` writes', () => {
  const readme = readFileSync('README.md', 'utf8')
  expect(withTables(readme) === readme, say).toBe(true)
})

test('the catalogue of providers is what their files say', async () => {
  expect(readFileSync('nodes/providers/catalogue.ts', 'utf8'), say).toBe(await catalogue())
})
