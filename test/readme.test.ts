import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { nodeTypes } from '../nodes/index.ts'
import { describeNodeType } from '../nodes/contract/describe.ts'
import type { Provider, Source } from '../nodes/contract/scheme.ts'
import { providers, schemesOf } from '../nodes/providers/index.ts'
import { settings } from '../server/config.ts'

function rowsOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function nodeTypeTable(): string {
  const rows = Object.values(nodeTypes).map(describeNodeType)
  return rowsOf(
    ['type', 'what it does', 'ports', 'fields'],
    rows.map(({ id, summary, ports, dynamicPorts, fields }) => [
      `\`${id}\``,
      summary,
      [...(dynamicPorts ? ['one per case'] : []), ...ports.map((port) => `\`${port.id}\``)].join(', '),
      fields.map(({ name }) => `\`${name}\``).join(', '),
    ]),
  )
}

function providerTable(): string {
  return rowsOf(
    ['scheme', 'sender', 'signature', 'timestamp checked', 'handshake', 'one delivery', 'event type'],
    [...providers.values()].map((provider) => {
      const schemes = schemesOf({ scheme: provider.id, header: 'x-signature' })
      const signatures = schemes.flatMap((scheme) => (scheme.kind === 'signature' ? [scheme] : []))
      const tolerance = signatures.flatMap(({ timestamp }) =>
        timestamp ? [`± ${timestamp.toleranceSeconds} s`] : [],
      )
      return [
        `\`${provider.id}\``,
        provider.title,
        [
          ...new Set(schemes.map((scheme) => (scheme.kind === 'signature' ? scheme.algorithm : scheme.kind))),
        ].join(', '),
        [...new Set(tolerance)].join(', ') || '–',
        provider.handshakes === undefined ? '–' : 'yes',
        placesOf(provider.delivery),
        placesOf(provider.type),
      ]
    }),
  )
}

const placesOf = (sources: Provider['delivery']): string =>
  sources === undefined ? '–' : [...new Set(sources.map(placeOf))].join(', ')

const placeOf = (source: Source): string => {
  const [place] = Object.entries(source)
  return place === undefined ? '–' : `${place[0]} \`${place[1]}\``
}

function settingTable(): string {
  return rowsOf(
    ['name', 'default', 'what it is'],
    Object.entries(settings).map(([name, { initial, about }]) => [
      `\`${name}\``,
      initial === undefined || initial === '' ? '–' : `\`${initial}\``,
      about,
    ]),
  )
}

/** Tables of the README that are made from the code. `UPDATE_README=1 npx vitest run test/readme.test.ts` writes them. */
const tables = { 'node-types': nodeTypeTable(), providers: providerTable(), settings: settingTable() }

test.each(Object.entries(tables))(
  'the table "%s" in the README is the one that the code makes',
  (name, table) => {
    const readme = readFileSync('README.md', 'utf8')
    const [start, end] = [`<!-- generated: ${name} -->\n`, '<!-- /generated -->']
    const from = readme.indexOf(start) + start.length
    const to = readme.indexOf(end, from)
    expect(from).toBeGreaterThan(start.length)
    if (process.env['UPDATE_README'])
      writeFileSync('README.md', `${readme.slice(0, from)}\n${table}\n${readme.slice(to)}`)
    else expect(readme.slice(from, to).trim()).toBe(table)
  },
)
