import { nodeTypes } from '../nodes/index.ts'
import { nodeTypeContract } from './contract/node-type.ts'

for (const [key, type] of Object.entries(nodeTypes)) nodeTypeContract(key, type)
