import { describe, expect, test } from 'vitest'
import { codeOf, messageOf, openWorld, valueOf } from './world.ts'

describe('an expression', () => {
  test('has the message as its context and the event, the steps, the run and the workflow beside it', async () => {
    const { jsonata } = openWorld()
    const bindings = {
      event: '{"headers":{"x-github-event":"push"}}',
      steps: '{"fetch":{"status":200}}',
      run: '{"id":"run_1"}',
      workflow: '{"name":"Push"}',
    }
    const source =
      'ref & " " & $event.headers.`x-github-event` & " " & $steps.fetch.status & " " & $run.id & " " & $workflow.name'
    expect(valueOf(await jsonata(source, { message: { ref: 'main' }, bindings }))).toBe(
      'main push 200 run_1 Push',
    )
  })

  test('gives null for a value that is missing', async () => {
    const { jsonata } = openWorld()
    expect(valueOf(await jsonata('a.b.c', { message: { a: 1 } }))).toBe(null)
    expect(valueOf(await jsonata('$event.x'))).toBe(null)
  })

  test('has a clock in milliseconds that stands still during one evaluation', async () => {
    const { jsonata } = openWorld()
    const before = Date.now()
    const [a, b, text] = valueOf(await jsonata('[$millis(), $millis(), $now()]')) as [number, number, string]
    expect(a).toBeGreaterThanOrEqual(before)
    expect(a).toBeLessThanOrEqual(Date.now())
    expect(b).toBe(a)
    expect(text).toBe(new Date(a).toISOString())
  })

  test('uses the whole library after its realm was frozen', async () => {
    const { jsonata } = openWorld()
    const message = {
      list: [3, 1, 2],
      text: 'a-b c',
      objects: [
        { k: 'x', v: 1 },
        { k: 'y', v: 2 },
        { k: 'x', v: 3 },
      ],
    }
    const cases: readonly (readonly [string, unknown])[] = [
      ['$sort(list)', [1, 2, 3]],
      ['objects^(>v).v', [3, 2, 1]],
      ['objects{k: $sum(v)}', { x: 4, y: 2 }],
      ['$map(list, function($v, $i) { $v * $i })', [0, 1, 4]],
      ['$reduce(list, function($a, $b) { $a + $b })', 6],
      ['$filter(list, function($v) { $v > 1 })', [3, 2]],
      ['list ~> $sum ~> $string', '6'],
      ['($add := $power(?, 2); $add(3))', 9],
      ['$match(text, /([a-z])-([a-z])/).groups', ['a', 'b']],
      ['$replace(text, /[a-z]/, function($m) { $uppercase($m.match) })', 'A-B C'],
      ['$split(text, /[- ]/)', ['a', 'b', 'c']],
      ['$contains(text, /c$/)', true],
      ['$formatNumber(1234.5, "#,##0.00")', '1,234.50'],
      ['$fromMillis(0)', '1970-01-01T00:00:00.000Z'],
      ['$toMillis("2026-01-31", "[Y]-[M]-[D]")', Date.UTC(2026, 0, 31)],
      ['$base64decode($base64encode("hi"))', 'hi'],
      ['$encodeUrlComponent("a b")', 'a%20b'],
      ['$merge([{"a": 1}, {"b": 2}])', { a: 1, b: 2 }],
      ['$each({"a": 1}, function($v, $k) { $k & $v })', 'a1'],
      [
        '$ ~> |objects|{"v": v + 1, "toString": 1}, "k"|',
        { ...message, objects: [2, 3, 4].map((v) => ({ v, toString: 1 })) },
      ],
      ['**.v', [1, 2, 3]],
      ['$type(list)', 'array'],
      ['[1..3]', [1, 2, 3]],
      ['objects[k = "y"].v', 2],
      ['(objects@$o.{"v": $o.v})[0]', { v: 1 }],
      ['$lookup($, "text")', 'a-b c'],
      ['($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))', 3_628_800],
      ['($f := function($n) { $n = 0 ? "done" : $f($n - 1) }; $f(1000))', 'done'],
    ]
    for (const [source, value] of cases)
      expect(valueOf(await jsonata(source, { message })), source).toEqual(value)
  })

  test('cannot evaluate text: $eval is gone', async () => {
    const { jsonata } = openWorld()
    expect(codeOf(await jsonata('$eval("1 + 1")'))).toBe('expression-error')
  })

  test('that fails says where and why', async () => {
    const { jsonata } = openWorld()
    const failed = await jsonata('a\n  + "x"', { message: { a: 1 } })
    expect(failed).toMatchObject({ ok: false, error: { code: 'expression-error' } })
    expect(messageOf(failed)).toMatch(/^line 2, column 3: The right side of the "\+" operator/)
    expect(messageOf(await jsonata('$error("my own words")'))).toContain('my own words')
  })

  test('that does not parse says where and why', async () => {
    const { jsonata } = openWorld()
    expect(await jsonata('a +')).toMatchObject({
      ok: false,
      error: { code: 'does-not-parse', message: 'line 1, column 3: Unexpected end of expression' },
    })
  })

  test('that gives a function, or something with a function inside, is refused', async () => {
    const { jsonata } = openWorld()
    for (const source of ['function($x){$x}', '$sum', '{"a": [function(){1}]}', '/a/']) {
      expect(codeOf(await jsonata(source)), source).toBe('not-json')
    }
    expect(valueOf(await jsonata('$string({"f": function(){1}})'))).toBe('{"f":""}')
  })

  test('leaves unicode, numbers and strange keys as they are', async () => {
    const { jsonata } = openWorld()
    const message = {
      'ü € 😀': ['𝄞', '\u0000\u2028', 0.1, -0.5, 1e21, 9_007_199_254_740_991],
      $: { 'a.b': null },
    }
    for (const workflowId of ['wf_a', 'wf_b']) {
      const both = await Promise.all([1, 2, 3].map(() => jsonata('$', { message, workflowId })))
      for (const evaluated of both) expect(valueOf(evaluated)).toEqual(message)
    }
  })
})

describe('a template', () => {
  const message = { name: 'Ada', n: 3, yes: true, none: null, list: [1, { a: 'b' }], quote: '{{ name }}' }

  test('puts text, numbers, lists and objects into its text, and nothing for what is missing', async () => {
    const { template } = openWorld()
    const cases: readonly (readonly [string, string])[] = [
      ['no expression } { here', 'no expression } { here'],
      ['', ''],
      ['Hi {{ name }}, {{n}} {{yes}}!', 'Hi Ada, 3 true!'],
      ['[{{ none }}{{ missing }}]', '[]'],
      ['{{ list }}', '[1,{"a":"b"}]'],
      ['{{ name }}{{ name }}', 'AdaAda'],
      ['{{"{{"}} literal {{"}}"}}', '{{ literal }}'],
    ]
    for (const [source, text] of cases)
      expect(valueOf(await template(source, { message })), source).toBe(text)
  })

  test('never evaluates what a payload says', async () => {
    const { template } = openWorld()
    expect(valueOf(await template('{{ quote }}', { message }))).toBe('{{ name }}')
  })

  test('finds the end of an expression behind its own braces, strings, names, patterns and comments', async () => {
    const { template } = openWorld()
    const cases: readonly (readonly [string, string])[] = [
      ['{{ {"a": {"b": 1}} }}', '{"a":{"b":1}}'],
      ['{{{"a":{"b":1}}}}', '{"a":{"b":1}}'],
      ['{{ "}}" & \'}}\' }}.', '}}}}.'],
      ['{{ "\\"}}" }}', '"}}'],
      ['{{ $.`}}` }}', 'odd'],
      ['{{ /* }} " */ n }}', '3'],
      ['{{ $replace("a}}b", /\\}\\}/, "-") }}', 'a-b'],
      ['{{ $contains("x/y", /[/]/) }}', 'true'],
      ['{{ n / 3 }} {{ 4/2 }}', '1 2'],
      ['{{ list[0] / 1 }}{{ (n) / 3 }}', '11'],
      ['{{ $sum(list.(1)) / 2 }}', '1'],
      ['{{ n in [3] and yes or (1/1 = 2) }}', 'true'],
    ]
    for (const [source, text] of cases) {
      expect(valueOf(await template(source, { message: { ...message, '}}': 'odd' } })), source).toBe(text)
    }
  })

  test('that does not parse says where', async () => {
    const { template } = openWorld()
    expect(messageOf(await template('a {{ b'))).toMatch(/^line 1, column 3: "\{\{" is never closed/)
    expect(messageOf(await template('a\nb {{ c + }}'))).toMatch(/^line 2, column 9: Unexpected end/)
    expect(messageOf(await template('x {{ }}'))).toMatch(/^line 1, column \d+: the expression is empty/)
    expect(messageOf(await template('{{ "unclosed }}'))).toMatch(/never closed/)
  })

  test('that fails says where in the template', async () => {
    const { template } = openWorld()
    const failed = await template('text\n{{ 1 + "x" }}')
    expect(codeOf(failed)).toBe('expression-error')
    expect(messageOf(failed)).toMatch(/^line 2, column 6: The right side/)
  })
})

describe('a check', () => {
  test('says nothing of a program that parses, and where another one does not', async () => {
    const { sandbox } = openWorld()
    expect(await sandbox.check({ kind: 'jsonata', source: 'a.b[0]' })).toBeUndefined()
    expect(await sandbox.check({ kind: 'template', source: 'a {{ b }}' })).toBeUndefined()
    expect(
      await sandbox.check({ kind: 'script', source: "const a = await 1 // it's fine\nreturn a // so" }),
    ).toBeUndefined()
    expect(await sandbox.check({ kind: 'jsonata', source: 'a[' })).toMatch(/^line 1, column 2: /)
    expect(await sandbox.check({ kind: 'jsonata', source: '/(/' })).toMatch(/regular expression/)
    expect(await sandbox.check({ kind: 'template', source: '{{ a' })).toMatch(/^line 1, column 1: /)
    expect(await sandbox.check({ kind: 'script', source: 'return 1\nlet x = ;' })).toBe(
      "line 2, column 9: Unexpected token ';'",
    )
    expect(await sandbox.check({ kind: 'script', source: 'if (true) {' })).toMatch(
      /^line 1: the code ends before/,
    )
    expect(await sandbox.check({ kind: 'script', source: '}); (async function () {' })).toMatch(
      /brackets do not pair/,
    )
  })

  test('does not run a script', async () => {
    const { sandbox } = openWorld()
    expect(await sandbox.check({ kind: 'script', source: 'for (;;);' })).toBeUndefined()
  })

  test('takes answers for good only from a parser that ended', async () => {
    const { sandbox } = openWorld()
    const nested = `${'('.repeat(100_000)}1${')'.repeat(100_000)}`
    expect(await sandbox.check({ kind: 'jsonata', source: nested })).toMatch(/too deeply|limit/)
  })
})
