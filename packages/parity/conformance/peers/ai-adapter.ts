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
    start(question, { instructions, signal, image, settings }) {
      const result = streamText({
        model,
        ...(image === undefined ? { prompt: question } : { messages: [withImage(question, image)] }),
        ...settings,
        stopWhen: stepCountIs(5),
        // Without it the library prints errors.
        onError: () => {},
        ...(instructions === undefined ? {} : { instructions }),
        ...(signal === undefined ? {} : { abortSignal: signal }),
        ...(weather === undefined ? {} : { tools: toolsOf(weather) }),
      });
      return {
        text: () => result.textStream,
        reasoning: async () => (await result.reasoningText) ?? '',
        final: async () => ({ text: await result.text, complete: (await result.finishReason) === 'stop' }),
      };
    },
  };
}

function withImage(text: string, image: string) {
  const parts = [
    { type: 'text', text },
    { type: 'file', data: image, mediaType: 'image/png' },
  ] as const;
  return { role: 'user' as const, content: [...parts] };
}

function toolsOf(weather: NonNullable<OpenOptions['tool']>) {
  const inputSchema = z.object({ city: z.string() });
  return { get_weather: tool({ description: 'Weather.', inputSchema, execute: async (args) => weather(args) }) };
}
