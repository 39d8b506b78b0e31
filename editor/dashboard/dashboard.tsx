import { useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { Page } from '../parts/page.tsx'
import { Failed } from '../parts/states.tsx'
import { Books } from './books.tsx'
import { FailedLately } from './failed-lately.tsx'
import { QueueFigures } from './queue-figures.tsx'
import { RejectedLately } from './rejected-lately.tsx'
import { Throughput } from './throughput.tsx'

/** How the house stands: where every event is, what waits, and what somebody should look at. */
export function Dashboard() {
  const balance = useQuery({ queryKey: ['balance'], queryFn: client.balance })
  if (balance.isError && balance.data === undefined) {
    return (
      <Page title="Dashboard">
        <Failed error={balance.error} onRetry={() => void balance.refetch()} />
      </Page>
    )
  }
  return (
    <Page title="Dashboard">
      <div className="flex flex-col">
        <Books balance={balance.data} />
        <div className="grid border-b lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
          <Throughput />
          <QueueFigures />
        </div>
        <div className="grid lg:grid-cols-2">
          <FailedLately />
          <RejectedLately />
        </div>
      </div>
    </Page>
  )
}
