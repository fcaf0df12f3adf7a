// Copied into the consumer by check-packages: without a key and without the demo model, the error says what to do.

import { chatClientFromEnv } from '@turnstream/config';
import { AgentError } from '@turnstream/core';

const configured = await chatClientFromEnv({ env: { OPENAI_API_KEY: 'a-key' } });
if (configured.provider !== 'openai') throw new Error(`the provider is ${configured.provider}`);

const refused = await chatClientFromEnv({ env: {} }).catch((error: unknown) => error);
if (!(refused instanceof AgentError) || !refused.message.includes('npm install --save-dev @turnstream/testkit'))
  throw new Error('a missing demo model must be named', { cause: refused });
console.log(refused.message);
