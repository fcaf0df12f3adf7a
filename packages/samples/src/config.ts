import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { Agent } from '@turnstream/core';

reportErrors();
await using model = await chatClientFromEnv(); // OpenAI, Azure, a local server, or without a key the demo model

const { text } = await new Agent({ client: model.client }).run('What is the capital of France?');
console.log(text);
