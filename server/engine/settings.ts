import {
  type Field,
  type Fields,
  type Saved,
  isExpression,
  isSecretReference,
  isTemplate,
  resolutions,
} from '../../nodes/contract/field.ts'
import { TerminalFailure } from '../../nodes/contract/failure.ts'
import { issuesOf } from '../../nodes/contract/issue.ts'
import type { Json } from '../../nodes/contract/json.ts'
import type { AnyNodeType } from '../../nodes/contract/node.ts'

/** A node's setting as it was saved, told apart once: what never changes, and what each message changes. */
export interface Setting {
  readonly name: string
  readonly field: Field
  readonly saved: unknown
  readonly isOpen: boolean
  /** Of a setting that is not open: checked once, used by every run. */
  readonly fixed: { readonly value: unknown } | undefined
}

/** The settings of a node, and the config of every run of it where no message changes any of them. */
export interface Settings {
  readonly all: readonly Setting[]
  readonly fixed: Config | undefined
}

export type Config = Readonly<Record<string, unknown>>

export function compileSettings(type: AnyNodeType, config: Saved): Settings {
  const all = Object.entries(type.fields as Fields).map(([name, field]): Setting => {
    const saved = name in config ? config[name] : field.initial
    const resolution = resolutions[field.control]
    const isOpenHere = resolution !== 'program' && resolution !== 'door' && isOpen(saved)
    const parsed = isOpenHere ? undefined : field.schema.safeParse(saved)
    const fixed = parsed?.success ? { value: parsed.data } : undefined
    return { name, field, saved, isOpen: isOpenHere, fixed }
  })
  const isFixed = all.every(({ fixed }) => fixed !== undefined)
  const entries = all.map(({ name, fixed }) => [name, fixed?.value])
  return { all, fixed: isFixed ? Object.freeze(Object.fromEntries(entries)) : undefined }
}

/** What open settings need of the world. */
export interface Resolver {
  expression(source: string): Promise<Json>
  template(source: string): Promise<string>
  /** The text of a secret. Throws `TerminalFailure` when there is none of that name. */
  secret(name: string): Promise<string>
}

/** The config that `run` receives: every expression evaluated, every secret in place, every value checked. */
export async function resolveSettings({ all, fixed }: Settings, resolver: Resolver): Promise<Config> {
  if (fixed !== undefined) return fixed
  const entries = await Promise.all(
    all.map(async ({ name, field, saved, isOpen, fixed }) => {
      if (fixed !== undefined) return [name, fixed.value] as const
      const value = isOpen ? await resolve(saved, resolver) : saved
      const parsed = field.schema.safeParse(value)
      if (parsed.success) return [name, parsed.data] as const
      const problem = issuesOf(field.schema, value)[0]?.message ?? 'it does not fit'
      throw new TerminalFailure({
        code: 'bad-setting',
        message: `The setting "${field.label}" cannot be used: ${problem}.`,
      })
    }),
  )
  return Object.fromEntries(entries)
}

/** A saved value with every template, expression and secret in it replaced by what it stands for. */
export async function resolve(saved: unknown, resolver: Resolver): Promise<unknown> {
  if (isTemplate(saved)) return resolver.template(saved)
  if (isExpression(saved)) return resolver.expression(saved.$)
  if (isSecretReference(saved)) return resolver.secret(saved.$secret)
  if (Array.isArray(saved)) return Promise.all(saved.map((item) => resolve(item, resolver)))
  if (typeof saved !== 'object' || saved === null) return saved
  const entries = Object.entries(saved).map(async ([key, item]) => [key, await resolve(item, resolver)])
  return Object.fromEntries(await Promise.all(entries))
}

/** Whether there is any. */
export function isOpen(saved: unknown): boolean {
  if (isTemplate(saved) || isExpression(saved) || isSecretReference(saved)) return true
  if (typeof saved !== 'object' || saved === null) return false
  return Object.values(saved).some(isOpen)
}
