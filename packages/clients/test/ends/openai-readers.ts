// `openai`, with and without its helper for streams, and what other libraries make of it.
import { run } from '@openai/agents';
import { streamText } from 'ai';
import { agentOf } from '../openai/agents.ts';
import { compatibleModel, responsesModel } from '../openai/ai-sdk.ts';
import { type ChatOptions, MODEL, type OtherClient } from '../openai/chat.ts';
import { langchainAt } from '../openai/langchain.ts';
import { sdkAt } from '../openai/sdk.ts';
import { TOKEN } from '../served.ts';
import { QUESTION, type Reader, type ReadOptions, WHOLE } from './reader.ts';

const options = { openai: {} };
const messages = [{ role: 'user' as const, content: QUESTION }];
const at = ({ url }: ReadOptions): ChatOptions => ({ url, token: TOKEN });

const sdk: readonly Reader[] = [
  {
    client: '`openai`, Chat Completions, `for await`',
    from: 'openai',
    options,
    async read(asked) {
      const stream = await sdkAt(at(asked)).chat.completions.create({ model: MODEL, messages, stream: true });
      for await (const { choices } of stream) if (choices[0]?.delta.content) asked.onText();
      return WHOLE;
    },
  },
  {
    client: '`openai`, Chat Completions, `.stream()`',
    from: 'openai',
    options,
    async read(asked) {
      const stream = sdkAt(at(asked)).chat.completions.stream({ model: MODEL, messages });
      stream.on('content', asked.onText);
      await stream.finalContent();
      return WHOLE;
    },
  },
  {
    client: '`openai`, Responses, `for await`',
    from: 'openai',
    options,
    async read(asked) {
      const stream = await sdkAt(at(asked)).responses.create({ model: MODEL, input: QUESTION, stream: true });
      for await (const { type } of stream) if (type === 'response.output_text.delta') asked.onText();
      return WHOLE;
    },
  },
  {
    client: '`openai`, Responses, `.stream()`',
    from: 'openai',
    options,
    async read(asked) {
      const stream = sdkAt(at(asked)).responses.stream({ model: MODEL, input: QUESTION });
      stream.on('response.output_text.delta', asked.onText);
      const { status } = await stream.finalResponse();
      return `**resolves**, status \`${status}\``;
    },
  },
];

const aiSdk = ([client, from, modelAt]: readonly [string, string, typeof compatibleModel]): Reader => ({
  client,
  from,
  options,
  async read(asked) {
    const answer = streamText({ model: modelAt(at(asked)), messages, maxRetries: 0, onError: () => {} });
    let hasFailed = false;
    for await (const { type } of answer.fullStream) {
      if (type === 'text-delta') asked.onText();
      hasFailed ||= type === 'error';
    }
    const reason = `finish \`${await answer.finishReason}\``;
    return hasFailed ? `\`error\` part, ${reason}` : reason;
  },
});

const langchain = (api: OtherClient['api'], title: string): Reader => ({
  client: `\`@langchain/openai\`, ${title}`,
  from: '@langchain/openai',
  options,
  async read(asked) {
    const stream = await langchainAt(at(asked), api).stream(QUESTION);
    for await (const { text } of stream) if (text !== '') asked.onText();
    return WHOLE;
  },
});

const agents = (api: OtherClient['api'], title: string): Reader => ({
  client: `\`@openai/agents\`, ${title}`,
  from: '@openai/agents',
  options,
  async read(asked) {
    const result = await run(agentOf(at(asked), api), QUESTION, { stream: true });
    for await (const text of result.toTextStream()) if (text !== '') asked.onText();
    await result.completed;
    return WHOLE;
  },
});

export const openaiReaders: readonly Reader[] = [
  ...sdk,
  aiSdk(['`@ai-sdk/openai-compatible`, `streamText`', '@ai-sdk/openai-compatible', compatibleModel]),
  aiSdk(['`@ai-sdk/openai`, Responses, `streamText`', '@ai-sdk/openai', responsesModel]),
  langchain('chat completions', 'Chat Completions'),
  langchain('responses', 'Responses'),
  agents('chat completions', 'Chat Completions'),
  agents('responses', 'Responses'),
];
