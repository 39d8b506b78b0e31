/**
 * Builds the test server beside this file, once per content, into the user's cache (minutes the first time). Returns its path,
 * or `undefined` where Go is not to be had. Plain JavaScript, since `test/run.mjs` asks for it, and runs it beside its other work.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = new URL('.', import.meta.url).pathname
const sources = ['build.mjs', 'main.go', 'go.mod', 'go.sum']

export function testMongoServer({ mayBuild }) {
  const hash = createHash('sha256')
  for (const name of sources) hash.update(readFileSync(join(folder, name)))
  const cache = join(homedir(), '.cache', 'hookloom-test')
  const path = join(cache, `mongodb-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(path)) return path
  if (!mayBuild || spawnSync('go', ['version']).status !== 0) return undefined
  mkdirSync(cache, { recursive: true })
  const draft = `${path}.${process.pid}`
  const modules = withIndexes(draft)
  if (modules === undefined) return undefined
  const build = (env) =>
    goWith(env, 'build', '-trimpath', `-modfile=${modules}`, '-o', draft, '.').status === 0
  // Documents are kept as JSON: where this Go has the newer way to read it, that takes less time.
  const isBuilt = build({ GOEXPERIMENT: 'jsonv2' }) || build({})
  for (const part of ['source', 'mod', 'sum']) rmSync(`${draft}.${part}`, { recursive: true, force: true })
  if (!isBuilt) return undefined
  renameSync(draft, path)
  return path
}

const goWith = (env, ...args) =>
  spawnSync('go', args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CGO_ENABLED: '0', ...env },
  })
const go = (...args) => goWith({}, ...args)

/** What SQLite is asked: each field that has to be one text, or true or false, or one of some, as its index knows it. */
const pushdown = `
func pushdown(filter *types.Document) (where string, args []any) {
	for _, key := range filter.Keys() {
		if strings.ContainsAny(key, "$.") {
			continue
		}
		values := []any{must.NotFail(filter.Get(key))}
		if operators, ok := values[0].(*types.Document); ok {
			in, err := operators.Get("$in")
			texts, isArray := in.(*types.Array)
			if err != nil || !isArray || texts.Len() == 0 {
				continue
			}
			values = values[:0]
			for i := range texts.Len() {
				values = append(values, must.NotFail(texts.Get(i)))
			}
		}
		var found []any
		for _, value := range values {
			switch value.(type) {
			case string, bool:
				found = append(found, string(must.NotFail(sjson.MarshalSingleValue(value))))
			}
		}
		if len(found) != len(values) {
			continue
		}
		link := " AND "
		if where == "" {
			link = " WHERE "
		}
		where += fmt.Sprintf("%s%s->%q IN (%s)", link, metadata.DefaultColumn, key, strings.Repeat(", ?", len(found))[2:])
		args = append(args, found...)
	}
	return
}
`

/**
 * FerretDB on SQLite reads a collection from end to end, whatever is asked, but for an id alone; and that by an expression which
 * the index of ids does not have. It is built from a copy of its source that lets SQLite use its indexes; FerretDB checks each
 * document that it gets against the whole filter anyway. Returns the file that names the copy.
 */
function withIndexes(draft) {
  const name = 'github.com/FerretDB/FerretDB'
  if (go('mod', 'download', name).status !== 0) return undefined
  const { stdout } = go('list', '-m', '-f', '{{.Dir}}', name)
  const source = `${draft}.source`
  cpSync(String(stdout).trim(), source, { recursive: true })
  const change = (file, edit) => {
    const path = join(source, 'internal', file)
    chmodSync(join(path, '..'), 0o755)
    chmodSync(path, 0o644)
    writeFileSync(path, edit(readFileSync(path, 'utf8')))
  }
  change('backends/sqlite/metadata/metadata.go', (text) => text.replace(`"->'$._id'"`, '`->"_id"`'))
  change('backends/sqlite/collection.go', (text) =>
    text
      .replace(
        /\tif params\.Filter\.Len\(\) == 1 \{[\s\S]*?\n\t\}\n/,
        '\twhereClause, args = pushdown(params.Filter)\n',
      )
      .concat(pushdown),
  )
  // What is to be updated was read on a connection that stayed open until the last update was made: there are not so many, and
  // while one reads, SQLite's log cannot begin anew, so that each commit goes through a longer one.
  change('handler/msg_update.go', (text) =>
    text
      .replace('\t\tdefer closer.Close()\n', '')
      .replace(
        /\t\t(result, err := common\.UpdateDocument\(.*), iter, (.*)\n/,
        '\t\tdocs, err := iterator.ConsumeValues(iter)\n\t\tcloser.Close()\n' +
          '\t\tif err != nil {\n\t\t\treturn 0, 0, nil, lazyerrors.Error(err)\n\t\t}\n\n' +
          '\t\titer = iterator.Values(iterator.ForSlice(docs))\n\t\t$1, iter, $2\n\t\titer.Close()\n',
      ),
  )
  // It keeps the stack of whoever opened what has to be closed, for its own developers: a tenth of what it takes to read.
  change('util/resource/resource.go', (text) =>
    text.replaceAll(/^func (Track|Untrack)\(.*\) \{$/gm, (made) => `${made}\n\treturn\n`),
  )
  const modules = `${draft}.mod`
  writeFileSync(modules, `${readFileSync(join(folder, 'go.mod'), 'utf8')}\nreplace ${name} => ${source}\n`)
  writeFileSync(`${draft}.sum`, readFileSync(join(folder, 'go.sum')))
  return modules
}

if (process.argv[1] === fileURLToPath(import.meta.url)) testMongoServer({ mayBuild: true })
