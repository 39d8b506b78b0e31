import { Link } from '@tanstack/react-router'
import type { WorkflowSummary } from '../../nodes/contract/api.ts'
import { plural } from '../parts/words.ts'

const named = 2

/** Which workflows use a secret; `undefined` while that is being found out. */
export type Users = readonly WorkflowSummary[] | 'unknown' | undefined

/** The same in words. */
export function UsedBy({ users }: { readonly users: Exclude<Users, undefined> }) {
  if (users === 'unknown') return <>use not known</>
  if (users.length === 0) return <>not used</>
  const more = users.length - named
  return (
    <>
      used by{' '}
      {users.slice(0, named).map(({ id, name }, n) => (
        <span key={id}>
          {n > 0 && ', '}
          <Link
            to="/workflows/$id"
            params={{ id }}
            className="rounded-sm text-text-1 underline decoration-line-strong underline-offset-2 hover:decoration-current"
          >
            {name}
          </Link>
        </span>
      ))}
      {more > 0 && ` and ${plural(more, 'more workflow')}`}
    </>
  )
}
