// Chat Completions with the unmodified client of OpenAI: its requests, a tool of the agent and one of the caller.
import { type Tool, tool } from '@turnstream/core';
import OpenAI from 'openai';
import { z } from 'zod';
import { type Rig, TOKEN } from '../app-rig.ts';

export const clientOf = ({ url }: Rig): OpenAI => new OpenAI({ apiKey: TOKEN, baseURL: `${url}/v1`, maxRetries: 0 });
export const asked = (content: string): { model: string; messages: [{ role: 'user'; content: string }] } => ({
  model: 'agent',
  messages: [{ role: 'user', content }],
});

export const weather: Tool<{ city: string }> = tool({
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: () => 'secret rain',
});
export const look: {
  type: 'function';
  function: { name: string; description: string; parameters: Record<string, unknown> };
} = {
  type: 'function',
  function: {
    name: 'look',
    description: 'Looks.',
    parameters: { type: 'object', properties: { at: { type: 'string' } } },
  },
};
