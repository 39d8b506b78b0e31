/** The doctor at a refused request: what to change, the change itself, and then letting it in. */
import type { Rejection } from '../../nodes/contract/api.ts'
import { Trouble, Waiting } from '../parts/states.tsx'
import { Accept } from './accept.tsx'
import { DiagnosisText } from './diagnosis.tsx'
import { RemedyButton } from './remedy-button.tsx'
import type { SettingRemedy } from './remedy.ts'
import { useDiagnosis } from './use-diagnosis.ts'

interface RejectionDoctorProps {
  readonly rejection: Rejection
  readonly onSetting: (remedy: SettingRemedy) => Promise<unknown>
  readonly onPublish: () => void
}

export const RejectionDoctor = ({ rejection, ...acts }: RejectionDoctorProps) =>
  rejection.acceptedAs === null ? (
    <Examined rejection={rejection} {...acts} />
  ) : (
    <Accept rejection={rejection} passes />
  )

function Examined({ rejection, onSetting, onPublish }: RejectionDoctorProps) {
  const { data, error, isPending } = useDiagnosis(rejection.id)
  return (
    <>
      {isPending && (
        <Waiting
          label="The doctor looks"
          className="h-24 w-full max-w-prose animate-pulse rounded-md bg-surface-2"
        />
      )}
      <Trouble error={error} />
      {data !== undefined && (
        <DiagnosisText
          diagnosis={data}
          action={
            data.remedy && <RemedyButton remedy={data.remedy} onSetting={onSetting} onPublish={onPublish} />
          }
        />
      )}
      <Accept rejection={rejection} passes={data?.outcome === 'passes'} />
    </>
  )
}
