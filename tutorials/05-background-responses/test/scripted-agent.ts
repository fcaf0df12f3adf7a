// The agent of this chapter over a scripted Responses model.
import type { Agent } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { reportAgent } from '../report-agent.ts';

export function agentAt({ baseURL }: { readonly baseURL: string }): Agent {
  return reportAgent(new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'test-key', maxRetries: 0, baseURL }));
}
