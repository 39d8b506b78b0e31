/**
 * `npm run tables` writes what is made from the code: the tables of the README, and `nodes/providers/catalogue.ts`.
 * `test/readme.test.ts` holds that they are current.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { describeNodeType } from '../../nodes/contract/describe.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { senders } from '../../nodes/providers/index.ts'
import { describeKnown, type KnownProvider } from '../../nodes/providers/known.ts'
import { settings } from '../../server/config.ts'
import { providerTable } from './provider-table.ts'
import { tableOf } from './table.ts'

const catalogueFile = 'nodes/providers/catalogue.ts'

function nodeTypeTable(): string {
  const rows = Object.values(nodeTypes).map(describeNodeType)
  return tableOf(
    ['type', 'what it does', 'ports', 'fields'],
    rows.map(({ id, summary, ports, dynamicPorts, fields }) => [
      `\`${id}\``,
      summary,
      [...(dynamicPorts ? ['one per case'] : []), ...ports.map((port) => `\`${port.id}\``)].join(', '),
      fields.map(({ name }) => `\`${name}\``).join(', '),
    ]),
  )
}

function settingTable(): string {
  return tableOf(
    ['name', 'default', 'what it is'],
    Object.entries(settings).map(([name, { initial, about }]) => [
      `\`${name}\``,
      initial === undefined || initial === '' ? '–' : `\`${initial}\``,
      about,
    ]),
  )
}

/** The README's tables by the names of their places. */
export const tables = {
  'node-types': nodeTypeTable(),
  providers: providerTable(),
  settings: settingTable(),
} as const

/** The README with its tables as they should be. */
export function withTables(readme: string): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [start, end] = [`<!-- generated: ${name} -->\n`, '<!-- /generated -->']
    const from = text.indexOf(start) + start.length
    const to = text.indexOf(end, from)
    if (from < start.length || to === -1) throw new Error(`the README has no place for the table "${name}"`)
    return `${text.slice(0, from)}\n${table}\n${text.slice(to)}`
  }, readme)
}

/** `catalogue.ts` as it should be. */
export async function catalogue(): Promise<string> {
  const known = senders.map(
    (sender) => [sender.id, withoutEmpty(describeKnown(sender, { scheme: sender.id }))] as const,
  )
  const text = `/** Made by \`npm run tables\` from the files beside it, for a browser to know before it loads them. */
import type { ListedProvider } from './known.ts'

export const catalogue: { readonly [id: string]: ListedProvider } = ${JSON.stringify(Object.fromEntries(known))}
`
  return format(text, { ...(await resolveConfig(catalogueFile)), parser: 'typescript' })
}

const withoutEmpty = (known: KnownProvider) =>
  Object.fromEntries(Object.entries(known).filter(([, value]) => Object.keys(value).length > 0))

if (import.meta.main) {
  writeFileSync(catalogueFile, await catalogue())
  writeFileSync('README.md', withTables(readFileSync('README.md', 'utf8')))
}
