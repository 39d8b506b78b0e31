import * as z from 'zod/mini'
import { writtenGraph } from './graph.ts'

export const keyPattern = /^[a-z0-9-]{1,64}$/
const nameLengthMax = 200

/** Names a workflow in files and in git. */
export const workflowKey = z
  .string()
  .check(z.regex(keyPattern, 'a key has 1 to 64 lower-case letters, digits and dashes'))

export const workflowName = z.string().check(
  z.refine((name) => name.trim() !== '', 'a workflow has a name'),
  z.maxLength(nameLengthMax, `a name is at most ${nameLengthMax} characters long`),
)

/**
 * A workflow as a file holds it (JSON or YAML), for `apply` and `export`. Tokens and secrets are never in it.
 * `key` is by default the file's name, which whoever reads the file puts in.
 */
export const workflowFile = z.strictObject({
  key: z.optional(workflowKey),
  name: workflowName,
  enabled: z._default(z.boolean(), true),
  graph: writtenGraph,
})
export type WorkflowFile = z.infer<typeof workflowFile>
