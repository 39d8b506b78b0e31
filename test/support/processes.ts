/** Looks at a process and its children through /proc (Linux). */
import { readFileSync, readdirSync } from 'node:fs'

/** All processes below this one, at any depth. */
export function descendants(pid: number): readonly number[] {
  const parents = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = statOf(Number(name))?.parent
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)])
  }
  const found: number[] = []
  const waiting = [pid]
  for (const next of waiting) {
    const children = parents.get(next) ?? []
    found.push(...children)
    waiting.push(...children)
  }
  return found
}

/** Resident memory of a process and all below it, in bytes. */
export const residentBytes = (pid: number): number =>
  [pid, ...descendants(pid)].reduce((sum, each) => sum + (statOf(each)?.residentBytes ?? 0), 0)

function statOf(pid: number): { readonly parent: number; readonly residentBytes: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name may hold spaces and brackets: what follows its last bracket is numbers.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), residentBytes: Number(fields[21]) * 4_096 }
  } catch {
    // It ended while we looked.
    return undefined
  }
}
