import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { LogOut } from 'lucide-react'
import { client } from '../api/client.ts'
import { Ago } from '../parts/ago.tsx'
import { Button } from '../parts/button.tsx'
import { Page } from '../parts/page.tsx'
import { Trouble, Waiting } from '../parts/states.tsx'
import { ApiAccess } from './api-access.tsx'
import { Appearance } from './appearance.tsx'
import { Section } from './section.tsx'
import { Secrets } from './secrets.tsx'

export function Settings() {
  // How many there are decides where the rest stands: it waits, or it would be pushed away from under the pointer.
  const secrets = useQuery({ queryKey: ['secrets'], queryFn: client.secrets })
  return (
    <Page title="Settings">
      <Section
        title="Secrets"
        about="Stored encrypted. Workflows refer to them by name; a value is never shown again, not in a log, a run or a file."
      >
        {secrets.isPending ? (
          <Waiting label="Loading the secrets" className="h-24 animate-pulse rounded-md bg-surface-2" />
        ) : (
          <Secrets />
        )}
      </Section>
      {!secrets.isPending && (
        <>
          <Section title="Appearance" about="Kept in this browser.">
            <Appearance />
          </Section>
          <Section title="API" about="Whatever the editor can do, the API can do.">
            <ApiAccess />
          </Section>
          <Section title="This server" about="MIT licence, one edition.">
            <About />
          </Section>
        </>
      )}
    </Page>
  )
}

function About() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const stats = useQuery({ queryKey: ['stats'], queryFn: client.stats })
  const signOut = useMutation({
    mutationFn: client.signOut,
    onSuccess: async () => {
      await navigate({ to: '/sign-in' })
      queries.clear()
    },
  })
  return (
    <div className="flex flex-wrap items-center justify-between gap-4">
      <p className="text-sm text-text-2">
        <span className="block font-medium text-text-1">{location.host}</span>
        {stats.data !== undefined && (
          <>
            Started <Ago at={stats.data.startedAt} />
          </>
        )}
        {stats.isError && <Trouble error={stats.error} />}
      </p>
      <div className="flex flex-col items-end gap-2">
        <Button
          icon={<LogOut className="size-4" />}
          busy={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Button>
        <Trouble error={signOut.error} />
      </div>
    </div>
  )
}
