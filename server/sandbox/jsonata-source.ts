import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { base64 } from './inside/base64.ts'

/**
 * The text of jsonata as an expression whose value is the library, changed so that it keeps apart what a payload says and
 * what the library knows. Throws when the installed version has not the places that are changed: then each change must be
 * looked at again (versions are pinned, and a test evaluates through every one of them).
 *
 * The standard bundle, not the es5 one: that is 2 to 6 times slower in an isolate.
 */
export function jsonataSource(): string {
  let text = readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8')
  for (const { find, put, times } of changes) {
    const parts = text.split(find)
    if (parts.length !== times + 1) {
      throw new Error(
        `jsonata has "${find}" ${parts.length - 1} times, not ${times}: it is not the version this was made for`,
      )
    }
    text = parts.join(put)
  }
  return `(() => {
    const lambdaMark = Symbol('lambda')
    const nativeMark = Symbol('native')
    const notJson = Object.freeze({ message: 'not JSON' })
    let refusing = false
    const refuse = function () {
      if (refusing) throw notJson
      return this
    }
    Object.defineProperty(Function.prototype, 'toJSON', { value: refuse })
    // $base64encode and $base64decode ask a browser's window.
    const window = (${String(base64)})()
    const module = { exports: {} }
    const exports = module.exports;
    ${text}
    module.exports.refuseFunctions = (refuse) => { refusing = refuse }
    module.exports.notJson = notJson
    return module.exports
  })()`
}

/** Of jsonata 2.2.2. */
const changes = [
  // What makes an object a function are symbols: a payload's `_jsonata_lambda` is a key like any other.
  { find: `if (key === '_jsonata_lambda' || key === '_jsonata_function') {`, put: 'if (false) {', times: 1 },
  { find: '_jsonata_lambda: true,', put: '[lambdaMark]: true, toJSON: refuse,', times: 2 },
  { find: '_jsonata_function: true,', put: '[nativeMark]: true, toJSON: refuse,', times: 1 },
  { find: '._jsonata_lambda === true', put: '[lambdaMark] === true', times: 2 },
  { find: '._jsonata_function === true', put: '[nativeMark] === true', times: 3 },
  // No text becomes a program at run time.
  { find: `staticFrame.bind('eval', defineFunction(functionEval, '<sx?:x>'));`, put: '', times: 1 },
  // What an error message says of a call is not kept in the library's own functions, nor written into a payload.
  {
    find: `if(typeof proc === 'object') {\n                proc.token`,
    put: `if(isLambda(proc)) {\n                proc.token`,
    times: 1,
  },
  {
    find: `if(result.body.procedure.type === 'variable') {`,
    put: `if(isLambda(next) && result.body.procedure.type === 'variable') {`,
    times: 1,
  },
  {
    find: 'next.position = result.body.procedure.position;',
    put: 'if (isLambda(next)) next.position = result.body.procedure.position;',
    times: 1,
  },
  // Hooks for debuggers, which nobody sets here: to look for them took a sixth of an evaluation.
  { find: `environment.lookup(Symbol.for('jsonata.__evaluate_entry'))`, put: 'undefined', times: 1 },
  { find: `environment.lookup(Symbol.for('jsonata.__evaluate_exit'))`, put: 'undefined', times: 1 },
  {
    find: `enclosingEnvironment.lookup(Symbol.for('jsonata.__createFrame_push'))`,
    put: 'undefined',
    times: 1,
  },
  { find: '        return definition;\n', put: '        return Object.freeze(definition);\n', times: 1 },
] as const
