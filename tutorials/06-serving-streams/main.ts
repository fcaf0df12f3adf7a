// An agent as a service, with a page to chat with it. It runs until Ctrl-C.
// Run: npx -y pnpm@12 --filter 06-serving-streams demo   or on another port: demo 3000
import { once } from 'node:events';
import { chatClientFromEnv, reportErrors, scriptArguments } from '@turnstream/config';
import { AgentError } from '@turnstream/core';
import { serveAgent } from './serve-agent.ts';

reportErrors();
const [port = '8787'] = scriptArguments();
if (!/^\d+$/.test(port))
  throw new AgentError('config_invalid', `${JSON.stringify(port)} is not a port. Pass a number such as 3000.`);

await using model = await chatClientFromEnv({ api: 'responses' });
await using served = await serveAgent(model.client, { file: '.sessions/served.db', port: Number(port), page: true });

console.log(`In a browser:  ${served.url}/#token=${served.token}

On the wire:   curl -N ${served.url}/chat/stream \\
                 -H 'authorization: Bearer ${served.token}' \\
                 -H 'content-type: application/json' -d '{"message": "What is Python in one line?"}'

All routes:    ${served.url}/openapi.json
Ctrl-C ends it, and every open stream with a last event.`);

await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
