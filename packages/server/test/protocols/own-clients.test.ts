// Runs the contract of model clients through a served agent: our clients ask the server, and the server asks the scripted
// model. The exceptions are the complete list of differences between an agent and a model.
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { backgroundContract, chatClientContract, type MakeChatClient } from '@turnstream/testkit/contracts';
import { afterEach } from 'vitest';
import { createApp } from '../../src/app.ts';
import { memoryStore, TOKEN } from '../app-rig.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app[Symbol.asyncDispose]();
});

const ownWords = 'errors of the model’s service are sent in the server’s own words';
const differences = {
  'reports the response id': 'ids are the server’s',
  'returns the conversation id and continues that conversation when the service keeps the history':
    'ids are the server’s',
  'offers the tools with the tool choice of the request': 'the agent’s own tools stay on offer',
  'asks for the output shape of the request': 'the shape of the answer is the agent’s',
  'rejects with stream_truncated when a stream ends in the middle of a call': ownWords,
  'rejects with stream_truncated when the end mark is missing': ownWords,
  'rejects with stream_truncated when the connection breaks': ownWords,
  'rejects a whole answer that is cut short': ownWords,
  'maps the status of the service to an error code': ownWords,
  'reports how long the service asks it to wait': ownWords,
  'rejects with what the service reports inside an answer of status 200': ownWords,
  'rejects with stream_malformed when a frame is not JSON': ownWords,
  'rejects with not_a_stream when the answer is an HTML page': ownWords,
  'rejects with connection_failed when nothing is listening': ownWords,
};

chatClientContract('OpenAIChatCompletionsClient at an agent', through(OpenAIChatCompletionsClient), {
  exceptions: differences,
});

chatClientContract('OpenAIResponsesClient at an agent', through(OpenAIResponsesClient), { exceptions: differences });

const ownReading = 'the server polls the model’s service at its own pace';

backgroundContract('OpenAIResponsesClient in the background at an agent', through(OpenAIResponsesClient), {
  exceptions: {
    'polls a response, and returns the answer once it is complete': ownReading,
    'reports why a response failed': ownWords,
    'reports a response that the service no longer has as expired': 'the server stores the answer',
    'reports how long the service asks it to wait': ownReading,
    'rejects with a code when the service refuses to start, or a poll fails': ownReading,
    'asks the service only for the events after a number': 'the server stores the events',
    'rejects with stream_truncated when the events break off, and resumes after the last one': ownReading,
    'ends the stream when the response ends, however it ends':
      'a failure is an error event too, for clients that miss the status',
    'closes the stream when the reader leaves, without cancelling the response': ownReading,
    'rejects with the signal’s own reason and closes the stream while the model is silent': ownReading,
  },
});

function through(Client: typeof OpenAIChatCompletionsClient | typeof OpenAIResponsesClient): MakeChatClient {
  return async ({ baseURL, model }) => {
    const app = await createApp({
      agent: { client: new Client({ baseURL, model, apiKey: 'sk-secret-key', maxRetries: 0 }), name: model },
      store: memoryStore(),
      identity: { token: TOKEN },
      logger: false,
      openai: { instructions: 'append' },
    });
    open.push({ [Symbol.asyncDispose]: () => app.close() });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    return new Client({ baseURL: `${url}/v1`, model, apiKey: TOKEN, maxRetries: 0 });
  };
}
