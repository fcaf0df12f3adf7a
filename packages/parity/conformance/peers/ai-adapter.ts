// `ai` (Vercel) behind the five functions. It keeps no conversation: the caller does.
import { createOpenAI } from '@ai-sdk/openai';
import { stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import type { Adapter, Chat, OpenOptions } from '../adapter.ts';

export const ai: Adapter = { name: 'ai', apis: ['Chat Completions', 'Responses'], open };

function open({ api, baseURL, tool: weather }: OpenOptions): Chat {
  const provider = createOpenAI({ baseURL, apiKey: 'test-key' });
  const model = api === 'Responses' ? provider.responses('gpt-4.1') : provider.chat('gpt-4.1');
  return {
    start(question, { instructions, signal }) {
      const result = streamText({
        model,
        prompt: question,
        stopWhen: stepCountIs(5),
        // Without it the library prints errors.
        onError: () => {},
        ...(instructions === undefined ? {} : { instructions }),
        ...(signal === undefined ? {} : { abortSignal: signal }),
        ...(weather === undefined ? {} : { tools: toolsOf(weather) }),
      });
      return {
        text: () => result.textStream,
        final: async () => ({ text: await result.text, complete: (await result.finishReason) === 'stop' }),
      };
    },
  };
}

function toolsOf(weather: NonNullable<OpenOptions['tool']>) {
  const inputSchema = z.object({ city: z.string() });
  return { get_weather: tool({ description: 'Weather.', inputSchema, execute: async (args) => weather(args) }) };
}
