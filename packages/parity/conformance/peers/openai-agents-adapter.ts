// `@openai/agents` behind the five functions.
import { Agent, MemorySession, OpenAIProvider, Runner, type Session, tool } from '@openai/agents';
import { z } from 'zod';
import type { Adapter, Api, Chat, OpenOptions, Settings } from '../adapter.ts';

export const openaiAgents: Adapter = { name: '@openai/agents', apis: ['Chat Completions', 'Responses'], open };

function open({ api, baseURL, tool: weather }: OpenOptions): Chat {
  const modelProvider = new OpenAIProvider({ apiKey: 'test-key', baseURL, useResponses: api === 'Responses' });
  const runner = new Runner({ modelProvider, tracingDisabled: true });
  return {
    async start(question, { session, instructions, signal, image, settings }) {
      const agent = new Agent({
        name: 'chat',
        model: 'gpt-4.1',
        ...(settings === undefined ? {} : { modelSettings: settingsOf(settings, api) }),
        ...(instructions === undefined ? {} : { instructions }),
        tools: weather === undefined ? [] : [toolOf(weather)],
      });
      const result = await runner.run(agent, image === undefined ? question : [withImage(question, image)], {
        stream: true,
        ...(session === undefined ? {} : { session: session as Session }),
        ...(signal === undefined ? {} : { signal }),
      });
      // Its failure is seen where the text is read.
      result.completed.catch(() => {});
      return {
        text: () => result.toTextStream(),
        async reasoning() {
          await result.completed;
          const thoughts = result.newItems.filter((item) => item.type === 'reasoning_item');
          return thoughts.map(({ rawItem }) => rawItem.rawContent?.map(({ text }) => text).join('') ?? '').join('');
        },
        async final() {
          await result.completed;
          return { text: result.finalOutput ?? '', complete: result.finalOutput !== undefined };
        },
      };
    },
    session: () => new MemorySession(),
    // Items are what it can take back: here a turn is a question and an answer.
    async rewind(session) {
      await (session as Session).popItem();
      await (session as Session).popItem();
    },
  };
}

function withImage(text: string, image: string) {
  const parts = [
    { type: 'input_text', text },
    { type: 'input_image', image },
  ] as const;
  return { role: 'user' as const, content: [...parts] };
}

/** Headers are a setting on Responses only. */
function settingsOf({ temperature, headers }: Settings, api: Api) {
  return { temperature, ...(api === 'Responses' ? { providerData: { extraHeaders: headers } } : {}) };
}

function toolOf(weather: NonNullable<OpenOptions['tool']>) {
  const parameters = z.object({ city: z.string() });
  return tool({
    name: 'get_weather',
    description: 'Weather.',
    parameters,
    execute: (args) => weather(args),
  });
}
