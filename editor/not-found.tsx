import { Link } from '@tanstack/react-router'
import { MapPinOff } from 'lucide-react'
import { Empty } from './parts/states.tsx'

export const NotFound = () => (
  <Empty
    icon={<MapPinOff />}
    title="There is no such page"
    action={
      <Link to="/workflows" className="text-accent underline underline-offset-2">
        Go to the workflows
      </Link>
    }
  >
    The address may be mistyped, or what it named was deleted.
  </Empty>
)
