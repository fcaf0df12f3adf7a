// The model that writes the report: the one from the environment, or a demo model that takes seconds instead of
// minutes.
import { type ConfiguredClient, chatClientFromEnv } from '@turnstream/config';
import { AgentError } from '@turnstream/core';
import { type DemoModel, startDemoModel } from '@turnstream/testkit/demo';

/** Some 400 fragments, so about five seconds for a report. */
const PACE = { firstChunkDelayMs: 500, chunkDelayMs: 10 };

/** For `start` and `resume`, which share a run. `at` is the address of a demo model in another process. */
export async function lastingModel({ at }: { readonly at: string | undefined }): Promise<ConfiguredClient> {
  const model = at === undefined ? await configuredModel() : await clientOf(at);
  if (model !== null) return model;
  const remedy = 'Set OPENAI_API_KEY in .env, or use quit-and-resume.';
  throw new AgentError('config_invalid', `A demo model ends with its process, and its report with it. ${remedy}`);
}

export async function reportModel(): Promise<ConfiguredClient> {
  const configured = await configuredModel();
  if (configured !== null) return configured;
  const demo = await startReportDemo();
  const model = await clientOf(demo.baseURL);
  return { ...model, [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose]() };
}

/** Null without a key. Rejects with `config_invalid` if the environment configures a model incompletely. */
export async function configuredModel(): Promise<ConfiguredClient | null> {
  const model = await chatClientFromEnv({ api: 'responses', onNotice: () => {} });
  if (model.provider !== 'demo') return model;
  await model[Symbol.asyncDispose]();
  return null;
}

/** A demo model for several processes. */
export function startReportDemo(): Promise<DemoModel> {
  return startDemoModel({ pace: PACE });
}

function clientOf(baseURL: string): Promise<ConfiguredClient> {
  const env = { OPENAI_API_KEY: 'demo', OPENAI_BASE_URL: baseURL, LLM_MODEL: 'demo' };
  return chatClientFromEnv({ api: 'responses', env });
}
