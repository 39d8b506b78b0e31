import type { Provider } from '../contract/provider.ts'
import { unsigned, unsignedSetup } from './unsigned.ts'

const notification = 'soapenv:Envelope.soapenv:Body.notifications'

const acknowledged =
  '<?xml version="1.0" encoding="UTF-8"?>' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
  '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>' +
  '</soapenv:Body></soapenv:Envelope>'

export const salesforce: Provider = {
  id: 'salesforce',
  title: 'Salesforce (outbound message)',
  icon: 'cloud',
  link: 'https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging.htm',
  secretIsOwn: true,
  setup: [
    ...unsignedSetup(
      'In Setup, open Outbound Messages → New Outbound Message, paste the hook URL as the endpoint URL',
    ),
    'Choose the object and the fields to send, and let a flow or an approval send the message.',
    'Salesforce repeats a message for 24 hours until it hears the acknowledgement, which is given for you.',
  ],
  caution:
    'Salesforce signs nothing; it can show a client certificate, which a proxy in front of this server can check.',
  ...unsigned,
  type: [{ body: `${notification}.Notification.sObject.@xsi:type` }],
  delivery: [{ body: `${notification}.Notification.Id` }],
  answer: { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: acknowledged },
  samples: [
    {
      title: 'an account',
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
      body: `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>00DU0000000IW9cMAG</OrganizationId>
   <ActionId>04kU0000000CbBRIA0</ActionId>
   <SessionId xsi:nil="true"/>
   <EnterpriseUrl>https://example.my.salesforce.com/services/Soap/c/60.0/00DU0000000IW9c</EnterpriseUrl>
   <PartnerUrl>https://example.my.salesforce.com/services/Soap/u/60.0/00DU0000000IW9c</PartnerUrl>
   <Notification>
    <Id>04lU0000000oQ3hIAE</Id>
    <sObject xsi:type="sf:Account" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
     <sf:Id>001U000000Ecna8IAB</sf:Id>
     <sf:Name>Test Account</sf:Name>
    </sObject>
   </Notification>
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`,
    },
  ],
}
