// Background runs of an agent with a tool, what they ask the service, and what they give.
import { type BackgroundRun, tool } from '@turnstream/core';
import { background, callTool, reply, type ScriptedModel, type Step } from '@turnstream/testkit';
import * as z from 'zod';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY } from '../both-apis.ts';

export const letters: readonly string[] = ['Alpha ', 'beta ', 'gamma ', 'delta.'];

export function clientOf({ baseURL }: { readonly baseURL: string }): OpenAIResponsesClient {
  return new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: API_KEY, baseURL, maxRetries: 0 });
}

export const wire = (model: ScriptedModel): string[] => model.requests.map(({ method, path }) => `${method} ${path}`);

/** The token as another process gets it. */
export const stored = (run: BackgroundRun): unknown => JSON.parse(JSON.stringify(run));

/** The texts of a run's updates, all of them or the first few. */
export async function textsOf(run: BackgroundRun, count: number = Number.POSITIVE_INFINITY): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of run.updates()) {
    if (text !== '') texts.push(text);
    if (texts.length === count) break;
  }
  return texts;
}

export function counted(): { ran: string[]; getWeather: ReturnType<typeof tool> } {
  const ran: string[] = [];
  const getWeather = tool({
    name: 'get_weather',
    description: 'Looks up the weather.',
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => {
      ran.push(city);
      return 'Snow';
    },
  });
  return { ran, getWeather };
}

export const weatherSteps = (): Step[] => [
  background(callTool('get_weather', ['{"city":', '"Oslo"}'], { callId: 'call_1' }), { looks: ['queued'] }),
  background(reply('Snow in Oslo.'), { looks: ['queued'] }),
];
