import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { describeNodeType } from '../../nodes/contract/describe.ts'
import { nodeTypeDescription } from '../../nodes/contract/api-house.ts'
import { type Field, type Fields, resolutions } from '../../nodes/contract/field.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { type AnyNodeType, type Example, portsOf } from '../../nodes/contract/node.ts'
import { settingProblems } from '../../nodes/contract/problems.ts'
import { contextOf, deepFreeze } from '../nodes/node-context.ts'

/** What every node type must be. Run over the whole registry, so that no node type can forget it. */
export function nodeTypeContract(key: string, type: AnyNodeType): void {
  const fields = Object.entries(type.fields as Fields)
  const examples = type.examples as readonly Example[]

  describe(`node type ${key}`, () => {
    test('is registered under its own id, in kebab case', () => {
      expect(type.id).toBe(key)
      expect(type.id).toMatch(/^[a-z]+(-[a-z]+)*$/)
    })

    test('says what it is: a title, a sentence, an icon', () => {
      expect(type.title).toMatch(/^[A-Z]/)
      expect(type.summary).toMatch(/^[A-Z][^\n]*\.$/)
      expect(type.icon).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    })

    test('has two examples or more, each with a title of its own', () => {
      expect(examples.length).toBeGreaterThanOrEqual(2)
      expect(new Set(examples.map(({ title }) => title)).size).toBe(examples.length)
    })

    test.each(fields)('setting %s has a label, words of help and a control that is known', (_name, field) => {
      expect(field.label).toMatch(/^[A-Z]/)
      expect(field.help ?? '').toMatch(/\S.*[.)]$/s)
      expect(Object.keys(resolutions)).toContain(field.control)
    })

    test.each(fields)(
      'setting %s passes its own check when it is missing, or must be given',
      (name, field) => {
        if (field.schema.safeParse(field.initial).success) return
        const problems = settingProblems(graphOf(type, {}), { [key]: type })
        expect(problems.map(({ path }) => path)).toContain(`config.${name}`)
      },
    )

    test('settings can be told as JSON Schema', () => {
      for (const [, { schema }] of fields) {
        expect(() => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).not.toThrow()
      }
    })

    test('can be described in JSON as the API promises', () => {
      const described = describeNodeType(type)
      expect(JSON.parse(JSON.stringify(described))).toEqual(described)
      expect(nodeTypeDescription.safeParse(described).error).toBeUndefined()
    })

    test('has a sentence for every config, finished or not', () => {
      const unfinished = Object.fromEntries(fields.map(([name]) => [name, { $: 'a.b' }]))
      for (const config of [{}, unfinished, ...examples.map(({ config }) => config)]) {
        const words: readonly unknown[] = type.sentence(config)
        expect(words.length).toBeGreaterThan(0)
        for (const word of words) expect(word).toMatch(/\S/)
      }
    })

    test('has ports for every config, finished or not, its failure port among them', () => {
      const unfinished = Object.fromEntries(fields.map(([name]) => [name, { $: 'a.b' }]))
      for (const config of [{}, unfinished, ...examples.map(({ config }) => config)]) {
        const ports = portsOf(type, config)
        expect(Object.keys(ports).length).toBeGreaterThan(0)
        if (type.failurePort !== undefined) expect(Object.keys(ports)).toContain(type.failurePort)
      }
    })

    describe.each(examples)('example: $title', ({ config, input, answers = [], output }) => {
      test('has no problems', () => {
        const problems = settingProblems(graphOf(type, config), { [key]: type })
        expect(problems.filter(({ nodeId }) => nodeId !== null)).toEqual([])
      })

      test('runs, gives its output by a port that there is, and leaves the message as it was', async () => {
        const { context } = contextOf({ input: deepFreeze(structuredClone(input)), answers })
        const { port, data } = await type.run(complete(fields, config), context)
        expect({ port, data }).toEqual(output)
        expect(Object.keys(portsOf(type, config))).toContain(port)
      })

      test('stops when the run is cancelled where it calls out', async () => {
        const cancelled = new Error('cancelled')
        const { context, calls } = contextOf({ input, answers, signal: AbortSignal.abort(cancelled) })
        const outcome = await Promise.resolve()
          .then(() => type.run(complete(fields, config), context))
          .catch((error: unknown) => error)
        if (calls() > 0) expect(outcome).toBe(cancelled)
        else expect(outcome).toMatchObject(output)
        expect(calls()).toBeLessThanOrEqual(1)
      })
    })
  })
}

/** What the engine hands to `run`: saved settings and defaults, all parsed. */
function complete(
  fields: readonly (readonly [string, Field])[],
  config: Example['config'],
): Example['config'] {
  const saved = config as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    fields.map(([name, { schema, initial }]) => [name, schema.parse(name in saved ? saved[name] : initial)]),
  )
}

const graphOf = (type: AnyNodeType, config: object): Graph => ({
  nodes: [{ id: 'one', type: type.id, position: { x: 0, y: 0 }, data: { config: { ...config } } }],
  edges: [],
})
