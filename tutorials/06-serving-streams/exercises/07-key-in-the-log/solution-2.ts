// A client whose errors hold a code and no key.
import { Agent, AgentError } from '@turnstream/core';
import { OpenAIChatCompletionsClient } from '@turnstream/openai';

export interface Service {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly log: (line: string) => void;
}

export async function ask(question: string, { baseURL, apiKey, log }: Service): Promise<string | null> {
  const client = new OpenAIChatCompletionsClient({ model: 'gpt-5', apiKey, baseURL, maxRetries: 0 });
  try {
    const { text } = await new Agent({ client }).run(question);
    return text;
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    log(`The model's service refused a question: ${error.code}.`);
    return null;
  }
}
