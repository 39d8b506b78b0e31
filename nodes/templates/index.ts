import type { Graph } from '../contract/graph.ts'
import alertToTeams from './alert-to-teams.json' with { type: 'json' }
import formToCrm from './form-to-crm.json' with { type: 'json' }
import formToEmail from './form-to-email.json' with { type: 'json' }
import githubIssueToDiscord from './github-issue-to-discord.json' with { type: 'json' }
import githubPushToSlack from './github-push-to-slack.json' with { type: 'json' }
import githubToCi from './github-to-ci.json' with { type: 'json' }
import stripeFailedPaymentToSlack from './stripe-failed-payment-to-slack.json' with { type: 'json' }
import stripePaymentToCrm from './stripe-payment-to-crm.json' with { type: 'json' }
import webhookToMany from './webhook-to-many.json' with { type: 'json' }

/** A secret that only the person knows, and where they find it. */
export interface Need {
  readonly secret: string
  readonly label: string
  readonly help: string
  /** `shared`: both sides may use whatever text is made up for them. */
  readonly kind: 'shared' | 'url' | 'token'
}

/** A workflow that is ready but for its secrets, and what a gallery says of it. */
export interface Template {
  readonly key: string
  readonly name: string
  readonly graph: Graph
  /** One sentence. */
  readonly summary: string
  /** In the order in which the message meets them. */
  readonly services: readonly string[]
  readonly needs: readonly Need[]
}

const github: Need = {
  secret: 'GITHUB_WEBHOOK_SECRET',
  label: 'GitHub secret',
  help: 'A long text that you paste into "Secret" in GitHub, under Settings → Webhooks, too.',
  kind: 'shared',
}
const stripe: Need = {
  secret: 'STRIPE_WEBHOOK_SECRET',
  label: 'Stripe signing secret',
  help: 'Starts with whsec_. Stripe shows it once the endpoint is there.',
  kind: 'token',
}
const slack: Need = {
  secret: 'SLACK_WEBHOOK_URL',
  label: 'Slack webhook URL',
  help: 'From your Slack app: Incoming Webhooks → Add New Webhook.',
  kind: 'url',
}
const hubspot: Need = {
  secret: 'HUBSPOT_AUTHORIZATION',
  label: 'HubSpot authorization',
  help: 'The word Bearer, a space, and the access token of a private app that may write contacts.',
  kind: 'token',
}
const target = (secret: string, label: string): Need => ({
  secret,
  label,
  help: 'Where the message is sent, as it came.',
  kind: 'url',
})
const teams = (secret: string, label: string): Need => ({
  secret,
  label,
  help: 'In the channel: Workflows → When a webhook request is received.',
  kind: 'url',
})

/** Every template, in the order of the gallery. Adding one is a file and a few lines here. */
export const templates: readonly Template[] = [
  {
    ...githubPushToSlack,
    summary: 'Tells a channel who pushed what to the main branch, with a link to each commit.',
    services: ['GitHub', 'Slack'],
    needs: [github, slack],
  },
  {
    ...githubIssueToDiscord,
    summary: 'Posts each newly opened issue to a channel, and pings nobody.',
    services: ['GitHub', 'Discord'],
    needs: [
      github,
      {
        secret: 'DISCORD_WEBHOOK_URL',
        label: 'Discord webhook URL',
        help: 'From the channel: Edit → Integrations → Webhooks.',
        kind: 'url',
      },
    ],
  },
  {
    ...stripePaymentToCrm,
    summary: 'Makes a contact of everyone who pays, or brings the one that is there up to date.',
    services: ['Stripe', 'HubSpot'],
    needs: [stripe, hubspot],
  },
  {
    ...stripeFailedPaymentToSlack,
    summary: 'Tells a channel whose payment failed, how much it was, and why.',
    services: ['Stripe', 'Slack'],
    needs: [stripe, slack],
  },
  {
    ...formToCrm,
    summary: 'Makes a contact of everyone who fills in your form, and keeps robots out.',
    services: ['Form', 'HubSpot'],
    needs: [hubspot],
  },
  {
    ...formToEmail,
    summary: 'Sends what somebody wrote in your form as an e-mail that you can answer.',
    services: ['Form', 'Brevo'],
    needs: [
      {
        secret: 'BREVO_API_KEY',
        label: 'Brevo API key',
        help: 'In Brevo: Settings → SMTP & API → API Keys.',
        kind: 'token',
      },
    ],
  },
  {
    ...alertToTeams,
    summary: 'Sends critical alerts to the people on call and warnings to a quieter channel.',
    services: ['Alertmanager', 'Grafana', 'Teams'],
    needs: [
      {
        secret: 'ALERTS_TOKEN',
        label: 'Token of the sender',
        help: 'A long text that Alertmanager or Grafana sends as its bearer token.',
        kind: 'shared',
      },
      teams('TEAMS_ONCALL_URL', 'Teams URL for critical alerts'),
      teams('TEAMS_ALERTS_URL', 'Teams URL for warnings'),
    ],
  },
  {
    ...githubToCi,
    summary: 'Starts a build when main changes or a release is published.',
    services: ['GitHub', 'CircleCI'],
    needs: [
      github,
      {
        secret: 'CIRCLECI_TOKEN',
        label: 'CircleCI token',
        help: 'In CircleCI: User Settings → Personal API Tokens.',
        kind: 'token',
      },
    ],
  },
  {
    ...webhookToMany,
    summary: 'Sends each request on to several targets; one that is down holds up none of the others.',
    services: ['Any sender', 'Your services'],
    needs: [
      target('FIRST_TARGET_URL', 'First target'),
      target('SECOND_TARGET_URL', 'Second target'),
      target('THIRD_TARGET_URL', 'Third target'),
    ],
  },
]
