import { Link } from '@tanstack/react-router'

const look =
  'rounded-sm px-2.5 py-0.5 text-sm text-text-2 hover:text-text-1 [&.active]:bg-surface-1 [&.active]:font-medium [&.active]:text-text-1 [&.active]:shadow-[0_0_0_1px_var(--line)]'

/** The two halves of what came in: let in, and refused. The chosen workflow goes along. */
export const InboxNav = ({ workflow }: { readonly workflow: string | undefined }) => {
  const search = workflow === undefined ? {} : { workflow }
  return (
    <nav aria-label="What came in" className="mr-2 flex gap-0.5 rounded-md bg-surface-2 p-0.5">
      <Link to="/events" search={search} activeOptions={{ includeSearch: false }} className={look}>
        Accepted
      </Link>
      <Link to="/rejected" search={search} activeOptions={{ includeSearch: false }} className={look}>
        Rejected
      </Link>
    </nav>
  )
}
