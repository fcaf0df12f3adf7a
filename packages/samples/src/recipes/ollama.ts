// A model on your own machine, through Ollama's OpenAI-compatible API.
import { Agent } from '@turnstream/core';
import { OpenAIChatCompletionsClient } from '@turnstream/openai';

export function localAgent(model: string, baseURL = 'http://127.0.0.1:11434/v1'): Agent {
  // Ollama reads no key, but the SDK wants one. `service` names the dialect, which a local address cannot.
  const client = new OpenAIChatCompletionsClient({ model, baseURL, apiKey: 'ollama', service: 'ollama' });
  // The first answer waits until the model is loaded: allow it a minute.
  return new Agent({ client, limits: { firstUpdateMs: 60_000, idleMs: 30_000 } });
}
