// The agent of chapter 01 with tools.
import { Agent, type AgentOptions, type ChatClient } from '@turnstream/core';
import { weatherTool } from './weather-tool.ts';

export const INSTRUCTIONS =
  'You are a helpful assistant. For the weather in a city, call get_weather. Answer anything else yourself, in one short sentence.';

export function weatherAgent(client: ChatClient, options: Partial<AgentOptions> = {}): Agent {
  return new Agent({ client, instructions: INSTRUCTIONS, name: 'weather-agent', tools: [weatherTool], ...options });
}
