import jsonata from 'jsonata'
import { expect, test } from 'vitest'
import { brief } from '../../editor/inspector/expression/brief.ts'
import { type Language, complete } from '../../editor/inspector/expression/complete.ts'
import { insertAtCursor, openCursor, takeCursor } from '../../editor/inspector/expression/cursor.ts'
import { functions } from '../../editor/inspector/expression/functions.ts'
import { pathIn } from '../../editor/inspector/expression/path-forms.ts'
import { ruleFields } from '../../editor/inspector/expression/rule-paths.ts'
import type { Shapes } from '../../editor/inspector/expression/shapes.ts'
import {
  templateExpression,
  templateParts,
  valueExpression,
  varies,
} from '../../editor/inspector/expression/template.ts'
import { tokensOf } from '../../editor/inspector/expression/tokens.ts'

const shapes: Shapes = {
  message: {
    ref: 'refs/heads/main',
    total: 12,
    'odd name': true,
    pusher: { name: 'octocat', email: 'o@example.com' },
    commits: [
      { id: 'a1', author: { name: 'Mona' }, files: [{ path: 'a.ts' }] },
      { id: 'b2', note: 'later' },
    ],
  },
  event: { method: 'POST', headers: { 'x-github-event': 'push', host: 'example.com' }, query: {}, body: {} },
  steps: { hook: { ref: 'x' }, 'look-up': { status: 200 } },
  stepLabels: { hook: 'GitHub', 'look-up': 'Look it up' },
  run: { id: 'run_1' },
  workflow: { name: 'Push' },
}

/** What is offered where `|` stands. */
function offered(marked: string, options: { language?: Language; explicit?: boolean } = {}) {
  const { language = 'jsonata', explicit = false } = options
  const cursor = marked.indexOf('|')
  const text = marked.replace('|', '')
  return complete({ language, text, cursor, shapes, explicit })
}
const texts = (...request: Parameters<typeof offered>) =>
  offered(...request)?.options.map(({ text }) => text) ?? []

test('the names of the message are offered as soon as a letter is typed', () => {
  expect(texts('r|')).toEqual(expect.arrayContaining(['ref', 'pusher', '`odd name`', '$event', '$count()']))
})

test('nothing is offered before the first letter unless it is asked for', () => {
  expect(offered('|')).toBeUndefined()
  expect(texts('|', { explicit: true })).toContain('ref')
})

test('behind a dot are the names of what stands before it', () => {
  expect(texts('pusher.|')).toEqual(['name', 'email'])
  expect(texts('pusher.na|')).toEqual(['name', 'email'])
  expect(offered('pusher.na|')).toMatchObject({ from: 7, to: 9 })
})

test('a list stands for all its members', () => {
  expect(texts('commits.|')).toEqual(['id', 'author', 'files', 'note'])
  expect(texts('commits[0].author.|')).toEqual(['name'])
  expect(texts('commits.files.|')).toEqual(['path'])
})

test('inside of a predicate, a block and an object the names are those of the item', () => {
  expect(texts('commits[i|').slice(0, 4)).toEqual(['id', 'author', 'files', 'note'])
  expect(texts('commits.(author.|')).toEqual(['name'])
  expect(texts("commits.{ 'x': author.|")).toEqual(['name'])
  expect(texts('commits^(author.|')).toEqual(['name'])
  expect(texts("commits[id = 'a1'].|")).toEqual(['id', 'author', 'files', 'note'])
})

test('a function knows what its parameters stand for', () => {
  expect(texts('$map(commits, function($c) { $c.|')).toEqual(['id', 'author', 'files', 'note'])
  expect(texts('$reduce(commits, function($sum, $c) { $c.author.|')).toEqual(['name'])
  expect(texts('commits ~> $filter(function($c) { $c.|')).toEqual(['id', 'author', 'files', 'note'])
  expect(texts('$filter(commits, function($c) { true }).|')).toEqual(['id', 'author', 'files', 'note'])
})

test('a variable keeps what it was given', () => {
  expect(texts('($who := pusher; $who.|')).toEqual(['name', 'email'])
  expect(texts('($who := pusher; $w|')).toContain('$who')
})

test('the request and earlier nodes are reached by variables, with backticks where they are needed', () => {
  expect(texts('$event.headers.|')).toEqual(['`x-github-event`', 'host'])
  expect(texts('$steps.|')).toEqual(['hook', '`look-up`'])
  expect(texts('$steps.`look-up`.|')).toEqual(['status'])
  expect(texts('$steps.`lo|')).toEqual(['hook', '`look-up`'])
  expect(offered('$steps.|')?.options[1]).toMatchObject({ detail: 'Look it up' })
})

test('behind a dollar are variables and functions with their arguments', () => {
  const options = offered('$su|')?.options ?? []
  expect(options.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['$event', '$steps', '$substring()', '$sum()']),
  )
  expect(options.find(({ text }) => text === '$substring()')).toMatchObject({
    detail: '(text, start, length?)',
  })
  expect(options.some(({ kind }) => kind === 'path')).toBe(false)
})

test('behind a comparison are the values of the sample', () => {
  expect(texts('ref = |')[0]).toBe("'refs/heads/main'")
  expect(texts("ref = '|")).toEqual(["'refs/heads/main'"])
  expect(texts('total = |')[0]).toBe('12')
  expect(texts('commits.id = |').slice(0, 2)).toEqual(["'a1'", "'b2'"])
})

test('nothing is offered in strings, numbers, comments and patterns, and behind a value', () => {
  for (const marked of ["'re|", '12|', '/* re|', '/re|/', 'ref |'])
    expect(offered(marked), marked).toBeUndefined()
})

test('what a function makes is not known, and nothing is offered under it', () => {
  expect(offered('$string(ref).|')).toBeUndefined()
})

test('a template completes inside its braces only', () => {
  const language = 'template'
  expect(texts('Hello {{ pusher.| }}', { language })).toEqual(['name', 'email'])
  expect(offered('Hello pu|', { language })).toBeUndefined()
  expect(offered('{{ ref }} pu|', { language })).toBeUndefined()
  expect(texts('{{ ref }} and {{ pusher.|', { language })).toEqual(['name', 'email'])
  expect(offered('{{ ref }} {{ pusher.n| }}', { language })).toMatchObject({ from: 20, to: 21 })
})

test('JSON completes inside the braces of its texts', () => {
  expect(texts('{"a": {"b": "{{ pusher.| }}"}}', { language: 'json' })).toEqual(['name', 'email'])
})

test('a script completes message, event, steps and the console', () => {
  const language = 'javascript'
  expect(texts('mes|', { language })).toContain('message')
  expect(texts('return message.|', { language })).toEqual([
    '.ref',
    '.total',
    '["odd name"]',
    '.pusher',
    '.commits',
  ])
  expect(texts('message.pusher?.n|', { language })).toEqual(['?.name', '?.email'])
  expect(texts('message.commits[0].|', { language })).toEqual(['.id', '.author', '.files'])
  expect(offered('message.commits.|', { language })).toBeUndefined()
  expect(texts('steps["look-up"].|', { language })).toEqual(['.status'])
  expect(texts('steps.|', { language })).toEqual(['.hook', '["look-up"]'])
  expect(texts('console.|', { language })).toContain('log()')
})

test('every function that is offered exists, and every one that exists is offered', async () => {
  for (const { name } of functions) {
    const type = await jsonata(`$type($${name})`).evaluate({})
    expect(type, name).toBe('function')
  }
  const source = String(
    await import('node:fs').then(({ readFileSync }) => readFileSync('node_modules/jsonata/jsonata.js')),
  )
  const bound = [...source.matchAll(/staticFrame\.bind\('(\w+)'/g)].map(([, name]) => name)
  // The sandbox takes `$eval` away: no text becomes a program at run time.
  const names = functions.map(({ name }) => name)
  expect(bound.filter((name) => name !== 'eval' && !names.includes(name ?? ''))).toEqual([])
  expect(new Set(names).size).toBe(names.length)
})

test('a pattern and a division are told apart', () => {
  expect(tokensOf('a / b / c').map(({ kind }) => kind)).toEqual([
    'name',
    'operator',
    'name',
    'operator',
    'name',
  ])
  expect(tokensOf('$match(a, /b\\/[/]/i)').map(({ kind, text }) => `${kind} ${text}`)).toContain(
    'regex /b\\/[/]/i',
  )
})

test('a template ends at the braces that close it, not at those of its objects and strings', () => {
  const source = 'a {{ {"x": {"y": 1}}.x & "}}" }} b'
  expect(templateParts(source).map(({ from, to }) => source.slice(from, to))).toEqual([
    'a ',
    ' {"x": {"y": 1}}.x & "}}" ',
    ' b',
  ])
  expect(templateParts('a {{ b')[1]).toMatchObject({ kind: 'expression', closed: false })
})

test('a template as an expression makes the same text', async () => {
  const source = 'Hi {{ pusher.name }}, "{{ total }}" {{ nothing }}!'
  expect(await jsonata(templateExpression(source)).evaluate(shapes.message)).toBe('Hi octocat, "12" !')
  expect(templateExpression('{{ total }}')).toBe('total')
})

test('JSON with templates and expressions in it is one expression, and shows no secret', async () => {
  const value = {
    text: 'Hi {{ pusher.name }}',
    ids: { $: 'commits.id' },
    list: [{ $: 'commits.id' }, '{{ ref }}', [1]],
    none: { $: 'nothing' },
    key: { $secret: 'API' },
  }
  expect(varies(value)).toBe(true)
  expect(varies({ a: [1, 'text'] })).toBe(false)
  expect(JSON.parse(JSON.stringify(await jsonata(valueExpression(value)).evaluate(shapes.message)))).toEqual({
    text: 'Hi octocat',
    ids: ['a1', 'b2'],
    list: ['…', 'refs/heads/main', [1]],
    none: null,
    key: '•••',
  })
})

test('a path is written as each kind of field takes it', () => {
  expect(pathIn('template', 'commits[0].id')).toBe('{{ commits[0].id }}')
  expect(pathIn('javascript', 'commits[0].`odd name`')).toBe('message.commits[0]["odd name"]')
  expect(pathIn('javascript', '$event.headers.`x-y`')).toBe('event.headers["x-y"]')
  expect(pathIn('javascript', '$steps.`look-up`.status')).toBe('steps["look-up"].status')
  expect(pathIn('rule', 'commits[0].`odd name`')).toBe('message.commits[0]["odd name"]')
  expect(pathIn('rule', '$event.headers.`x-y`')).toBe('header.x-y')
  expect(pathIn('rule', '$event.body.ref')).toBe('body.ref')
  expect(pathIn('rule', '$steps.hook.ref')).toBeUndefined()
})

test('a rule is offered the fields of the message and of the request with their values', () => {
  const fields = ruleFields(shapes)
  expect(fields).toContainEqual({ path: 'message.ref', value: '"refs/heads/main"' })
  expect(fields).toContainEqual({ path: 'message.commits.author.name', value: '"Mona"' })
  expect(fields).toContainEqual({ path: 'message["odd name"]', value: 'true' })
  expect(fields).toContainEqual({ path: 'header.x-github-event', value: '"push"' })
  expect(fields).toContainEqual({ path: 'method', value: '"POST"' })
})

test('a clicked path goes to the expression that had the focus last, and to none that nobody was writing', () => {
  const inserted: string[] = []
  const target = (name: string) => ({ insert: (path: string) => inserted.push(`${name} ${path}`) > 0 })
  const [one, two] = [target('one'), target('two')]
  expect(insertAtCursor('a')).toBe(false)
  const closeOne = openCursor(one)
  expect(insertAtCursor('b')).toBe(false)
  takeCursor(one)
  const closeTwo = openCursor(two)
  expect(insertAtCursor('c')).toBe(true)
  takeCursor(two)
  closeOne()
  expect(insertAtCursor('d')).toBe(true)
  closeTwo()
  expect(insertAtCursor('e')).toBe(false)
  expect(inserted).toEqual(['one c', 'two d'])
})

test('a large value is cut while it is written', () => {
  expect(brief({ a: [1, 2, { b: 'x' }] })).toBe('{"a": [1, 2, {"b": "x"}]}')
  expect(brief('x'.repeat(1_000_000), 20)).toHaveLength(20)
  expect(
    brief(
      Array.from({ length: 100_000 }, () => ({ a: 1 })),
      30,
    ).length,
  ).toBeLessThanOrEqual(31)
})
