import type { NodeTypes } from './contract/node.ts'
import { delay } from './delay.ts'
import { filter } from './filter.ts'
import { http } from './http.ts'
import { respond } from './respond.ts'
import { scriptNode } from './script.ts'
import { switchNode } from './switch.ts'
import { transform } from './transform.ts'
import { webhook } from './webhook.ts'

/** Every node type there is, in the order of the palette. Adding one is a file and a line here. */
export const nodeTypes = {
  webhook,
  filter,
  switch: switchNode,
  transform,
  script: scriptNode,
  http,
  delay,
  respond,
} satisfies NodeTypes
