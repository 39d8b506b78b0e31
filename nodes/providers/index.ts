import type { Provider } from '../contract/provider.ts'
import type { Scheme, SignatureScheme, VerificationSettings } from '../contract/scheme.ts'
import { adyen } from './adyen.ts'
import { airtable } from './airtable.ts'
import { alertmanager } from './alertmanager.ts'
import { asana } from './asana.ts'
import { auth0 } from './auth0.ts'
import { awsSns } from './aws-sns.ts'
import { azureEventGrid } from './azure-event-grid.ts'
import { bitbucket } from './bitbucket.ts'
import { braintree } from './braintree.ts'
import { brevo } from './brevo.ts'
import { calendly } from './calendly.ts'
import { circleci } from './circleci.ts'
import { clickup } from './clickup.ts'
import { cloudevents } from './cloudevents.ts'
import { convoy } from './convoy.ts'
import { datadog } from './datadog.ts'
import { discordEvents } from './discord-events.ts'
import { discord } from './discord.ts'
import { dockerHub } from './docker-hub.ts'
import { docusign } from './docusign.ts'
import { dropbox } from './dropbox.ts'
import { figma } from './figma.ts'
import { freshdesk } from './freshdesk.ts'
import { ways } from './generic.ts'
import { gitea } from './gitea.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { googlePubsub } from './google-pubsub.ts'
import { grafana } from './grafana.ts'
import { hook0 } from './hook0.ts'
import { hookdeck } from './hookdeck.ts'
import { hubspot } from './hubspot.ts'
import { intercom } from './intercom.ts'
import { jira } from './jira.ts'
import { jotform } from './jotform.ts'
import { line } from './line.ts'
import { linear } from './linear.ts'
import { mailchimp } from './mailchimp.ts'
import { mailgun } from './mailgun.ts'
import { mandrill } from './mandrill.ts'
import { meta } from './meta.ts'
import { microsoftGraph } from './microsoft-graph.ts'
import { mollie } from './mollie.ts'
import { monday } from './monday.ts'
import { mux } from './mux.ts'
import { netlify } from './netlify.ts'
import { notion } from './notion.ts'
import { npm } from './npm.ts'
import { okta } from './okta.ts'
import { paddle } from './paddle.ts'
import { pagerduty } from './pagerduty.ts'
import { paypal } from './paypal.ts'
import { pipedrive } from './pipedrive.ts'
import { plaid } from './plaid.ts'
import { postmark } from './postmark.ts'
import { razorpay } from './razorpay.ts'
import { resend } from './resend.ts'
import { salesforce } from './salesforce.ts'
import { sendgridInbound } from './sendgrid-inbound.ts'
import { sendgrid } from './sendgrid.ts'
import { sentry } from './sentry.ts'
import { shopify } from './shopify.ts'
import { slack } from './slack.ts'
import { square } from './square.ts'
import { standardWebhooks } from './standard-webhooks.ts'
import { stripe } from './stripe.ts'
import { svix } from './svix.ts'
import { tally } from './tally.ts'
import { teams } from './teams.ts'
import { telegram } from './telegram.ts'
import { trello } from './trello.ts'
import { twilio } from './twilio.ts'
import { twitch } from './twitch.ts'
import { typeform } from './typeform.ts'
import { vercel } from './vercel.ts'
import { websub } from './websub.ts'
import { woocommerce } from './woocommerce.ts'
import { x } from './x.ts'
import { xero } from './xero.ts'
import { zendesk } from './zendesk.ts'
import { zoom } from './zoom.ts'

/** Senders by their titles. Adding one is a file and a line here; then `npm run tables` writes what is made of it. */
export const senders: readonly Provider[] = [
  adyen,
  airtable,
  asana,
  auth0,
  awsSns,
  azureEventGrid,
  bitbucket,
  braintree,
  brevo,
  calendly,
  circleci,
  clickup,
  cloudevents,
  convoy,
  datadog,
  discord,
  discordEvents,
  dockerHub,
  docusign,
  dropbox,
  figma,
  freshdesk,
  gitea,
  github,
  gitlab,
  googlePubsub,
  grafana,
  hook0,
  hookdeck,
  hubspot,
  intercom,
  jira,
  jotform,
  line,
  linear,
  mailchimp,
  mandrill,
  mailgun,
  meta,
  microsoftGraph,
  teams,
  mollie,
  monday,
  mux,
  netlify,
  notion,
  npm,
  okta,
  paddle,
  pagerduty,
  paypal,
  pipedrive,
  plaid,
  postmark,
  alertmanager,
  razorpay,
  resend,
  salesforce,
  sendgrid,
  sendgridInbound,
  sentry,
  shopify,
  slack,
  square,
  standardWebhooks,
  stripe,
  svix,
  tally,
  telegram,
  trello,
  twilio,
  twitch,
  typeform,
  vercel,
  websub,
  woocommerce,
  x,
  xero,
  zendesk,
  zoom,
]

/** Every provider by its id, in the order in which it is offered. */
export const providers: ReadonlyMap<string, Provider> = new Map(
  [...senders, ...ways].map((provider) => [provider.id, provider]),
)

/**
 * The schemes that these settings put in force, first match first; none for a provider or variant that is not known, so that
 * nothing is accepted. A tolerance, an issuer or an audience in the settings takes the place of the provider's.
 */
export function schemesOf(settings: VerificationSettings): readonly Scheme[] {
  const provider = providers.get(settings.scheme)
  if (provider === undefined) return []
  const all = typeof provider.schemes === 'function' ? provider.schemes(settings) : provider.schemes
  return all
    .filter(({ variant }) => variant === settings.variant)
    .map((scheme) => {
      if (scheme.kind === 'signature') return withTolerance(scheme, settings.timestamp?.toleranceSeconds)
      if (scheme.kind !== 'jwt') return scheme
      const { issuer, audience } = settings
      return {
        ...scheme,
        ...(issuer !== undefined && { issuer }),
        ...(audience !== undefined && { audience }),
      }
    })
}

function withTolerance(scheme: SignatureScheme, toleranceSeconds: number | undefined): SignatureScheme {
  if (toleranceSeconds === undefined) return scheme
  const { timestamp, otherwise } = scheme
  return {
    ...scheme,
    ...(timestamp !== undefined && { timestamp: { ...timestamp, toleranceSeconds } }),
    ...(otherwise !== undefined && { otherwise: withTolerance(otherwise, toleranceSeconds) }),
  }
}
