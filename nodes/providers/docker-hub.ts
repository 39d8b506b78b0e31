import type { Provider } from '../contract/provider.ts'
import { unsigned, unsignedSetup } from './unsigned.ts'

export const dockerHub: Provider = {
  id: 'docker-hub',
  title: 'Docker Hub',
  icon: 'container',
  link: 'https://docs.docker.com/docker-hub/repos/manage/webhooks/',
  secretIsOwn: true,
  setup: [...unsignedSetup('In the repository, open Webhooks, give the webhook a name, paste the hook URL')],
  caution: 'Docker Hub signs nothing.',
  ...unsigned,
  type: [{ body: 'push_data.tag' }],
  samples: [
    {
      title: 'a push',
      headers: { 'content-type': 'application/json' },
      body: {
        callback_url:
          'https://registry.hub.docker.com/u/svendowideit/testhook/hook/2141b5bi5i5b02bec211i4eeih0242eg11000a/',
        push_data: { pushed_at: 1417566161, pusher: 'trustedbuilder', tag: 'latest' },
        repository: {
          comment_count: 0,
          date_created: 1417494799,
          is_official: false,
          is_private: true,
          is_trusted: true,
          name: 'testhook',
          namespace: 'svendowideit',
          owner: 'svendowideit',
          repo_name: 'svendowideit/testhook',
          repo_url: 'https://registry.hub.docker.com/u/svendowideit/testhook/',
          status: 'Active',
        },
      },
    },
  ],
}
