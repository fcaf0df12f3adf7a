// The agent of chapter 01 with something it can do: a model, instructions, and tools.
import { Agent, type ChatClient, type OnToolError, type Tool } from '@turnstream/core';
import { weatherTool } from './weather-tool.ts';

export const INSTRUCTIONS =
  'You are a helpful assistant. For the weather in a city, call get_weather. Answer anything else yourself, in one short sentence.';

export function weatherAgent(
  client: ChatClient,
  { tools = [weatherTool], onToolError }: { tools?: readonly Tool[]; onToolError?: OnToolError } = {},
): Agent {
  return new Agent({
    client,
    instructions: INSTRUCTIONS,
    name: 'weather-agent',
    tools,
    ...(onToolError === undefined ? {} : { onToolError }),
  });
}
