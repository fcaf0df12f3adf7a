import { Agent } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { reply, serveModel, truncateAfter } from '@turnstream/testkit';

await using model = await serveModel(
  reply(['Python is ', 'a language.']),
  reply(['It is ', 'from 1991.'], { fault: truncateAfter({ chunks: 1 }) }),
);
const client = new OpenAIResponsesClient({ model: 'test', apiKey: 'test', baseURL: model.baseURL, maxRetries: 0 });
const agent = new Agent({ client });
const session = agent.createSession();

const first = await agent.run('What is Python?', { session });
const second = await agent
  .runStreaming('How old is it?', { session })
  .finalResponse()
  .catch((error: unknown) => error);

console.log(first.text); // Python is a language.
console.log((second as { code: string }).code); // stream_truncated
console.log(model.requests[1]?.texts); // the question, the answer, and the second question
