// Our own clients: of the server's protocol, and of OpenAI's two APIs.
import { Agent, type ChatClient } from '@turnstream/core';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { streamChat } from '@turnstream/server/client';
import { MODEL } from '../openai/chat.ts';
import { TOKEN } from '../served.ts';
import { QUESTION, type Reader, type ReadOptions, WHOLE } from './reader.ts';

const served = ({ url }: ReadOptions) => ({ baseURL: `${url}/v1`, model: MODEL, apiKey: TOKEN, maxRetries: 0 });

const throughAgent = (name: string, clientAt: (options: ReadOptions) => ChatClient): Reader => ({
  client: `\`${name}\``,
  from: '@turnstream/openai',
  options: { openai: {} },
  async read(asked) {
    const stream = new Agent({ client: clientAt(asked) }).runStreaming(QUESTION);
    for await (const { text } of stream) if (text !== '') asked.onText();
    return WHOLE;
  },
});

export const ownReaders: readonly Reader[] = [
  {
    client: '`streamChat`',
    from: '@turnstream/server',
    options: {},
    async read({ url, onText }) {
      let last = '';
      for await (const event of streamChat({ url, token: TOKEN, message: QUESTION })) {
        if (event.type === 'update') onText();
        last = event.type;
      }
      return last === 'done' ? WHOLE : `ends with \`${last}\``;
    },
  },
  throughAgent('OpenAIChatCompletionsClient', (options) => new OpenAIChatCompletionsClient(served(options))),
  throughAgent('OpenAIResponsesClient', (options) => new OpenAIResponsesClient(served(options))),
];
