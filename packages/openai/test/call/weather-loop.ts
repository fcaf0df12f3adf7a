// An agent with a weather tool, asked in both modes over both APIs.
import { type Agent, type Tool, tool } from '@turnstream/core';
import * as z from 'zod';
import { type ApiUnderTest, bothApis } from '../both-apis.ts';

const reports: Record<string, string> = { Oslo: 'Snow, -3 C', Lima: 'Fog, 17 C' };
export const getWeather: Tool = tool({
  name: 'get_weather',
  description: 'Look up the current weather for a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => reports[city] ?? 'Unknown city',
});
type Ask = (agent: Agent, question: string, options?: Parameters<Agent['run']>[1]) => ReturnType<Agent['run']>;
interface Mode {
  readonly mode: string;
  readonly stream: boolean;
  readonly ask: Ask;
}

export const asks: readonly Mode[] = [
  { mode: 'whole', stream: false, ask: (agent, question, options) => agent.run(question, options) },
  {
    mode: 'streamed',
    stream: true,
    ask: (agent, question, options) => agent.runStreaming(question, options).finalResponse(),
  },
];
export const rows: readonly (Mode & { readonly api: ApiUnderTest; readonly name: string })[] = bothApis.flatMap((api) =>
  asks.map((each) => ({ ...each, api, name: api.name })),
);
