// Which of OpenAI's two APIs to use by default.
import type { Api, ModelSettings } from './model-settings.ts';

/** Responses at OpenAI and the demo model; Chat Completions on Azure and anywhere else, where there may be nothing else. */
export async function apiFor(settings: ModelSettings, asked: Api | undefined): Promise<Api> {
  if (asked !== undefined) return asked;
  if (settings.provider === 'demo') return 'responses';
  if (settings.provider === 'azure') return 'chat_completions';
  const { serviceAt } = await import('@turnstream/openai');
  return ['openai', 'azure'].includes(serviceAt(settings.baseURL)) ? 'responses' : 'chat_completions';
}
