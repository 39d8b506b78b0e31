import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { Eye, EyeOff } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { client, isSignedOut } from '../api/client.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { Input } from '../parts/input.tsx'
import { Trouble } from '../parts/states.tsx'
import { ownPath } from './own-path.ts'

export function SignIn() {
  const { from } = useSearch({ from: '/sign-in' })
  const router = useRouter()
  const queries = useQueryClient()
  const [token, setToken] = useState('')
  const [shown, setShown] = useState(false)
  const [field, hint, trouble] = [useId(), useId(), useId()]
  const signIn = useMutation({
    mutationFn: (text: string) => client.signIn(text),
    onSuccess: () => {
      // What was asked for while signed out was refused, and is asked for again.
      queries.clear()
      router.history.push(ownPath(from, location.origin))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (token.trim() !== '') signIn.mutate(token.trim())
  }
  return (
    <main className="flex min-h-full flex-col items-center bg-surface-0 px-6 pt-[max(48px,22vh)] pb-12">
      <div className="w-full max-w-sm">
        <img src="/icon.svg" alt="" className="mb-6 size-10" />
        <h1 className="text-xl font-semibold tracking-tight">Sign in to Hookloom</h1>
        <p className="mt-1 text-base text-text-2">With the API token of this server.</p>
        <form onSubmit={submit} noValidate className="mt-8 flex flex-col gap-2">
          <label htmlFor={field} className="text-sm font-medium">
            API token
          </label>
          <div className="relative">
            <Input
              id={field}
              type={shown ? 'text' : 'password'}
              value={token}
              onChange={({ target }) => setToken(target.value)}
              autoComplete="current-password"
              spellCheck={false}
              autoFocus
              required
              aria-invalid={signIn.isError || undefined}
              aria-describedby={`${trouble} ${hint}`}
              className="h-10 pr-10 font-mono"
            />
            <IconButton
              label={shown ? 'Hide the token' : 'Show the token'}
              pressed={shown}
              onClick={() => setShown(!shown)}
              className="absolute top-1 right-1"
            >
              {shown ? <EyeOff /> : <Eye />}
            </IconButton>
          </div>
          <div id={trouble}>
            {signIn.isError && (
              <Trouble
                error={isSignedOut(signIn.error) ? 'This is not the token of this server.' : signIn.error}
              />
            )}
          </div>
          <Button
            type="submit"
            look="primary"
            busy={signIn.isPending}
            disabled={token.trim() === ''}
            className="mt-2 h-10 text-base"
          >
            Sign in
          </Button>
        </form>
        <div id={hint} className="mt-8 border-t pt-4 text-sm text-text-2">
          <h2 className="font-medium text-text-1">Where is the token?</h2>
          <p className="mt-1">
            When the server starts it prints the path of a file. The token is in that file,{' '}
            <code className="text-text-1">data/api-token</code> unless somebody moved it. Where{' '}
            <code className="text-text-1">HOOKLOOM_API_TOKEN</code> is set, its value is the token.
          </p>
        </div>
      </div>
    </main>
  )
}
