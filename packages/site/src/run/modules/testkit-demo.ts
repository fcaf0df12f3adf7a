// `@turnstream/testkit/demo` in a tab: the demo model answers at an address that only this tab knows.

import type { DemoModel } from '@turnstream/testkit/demo';
import { type DemoOptions, demoFetch } from '@turnstream/testkit/fetch';

/** The demo models by origin. */
const models = new Map<string, typeof fetch>();
const outside = globalThis.fetch;

/** Snippets mostly name no address: a request to OpenAI reaches the demo model too. */
export function answerOpenAI(): void {
  models.set('https://api.openai.com', demoFetch().fetch);
  globalThis.fetch = (input, init) => {
    const { origin } = new URL(input instanceof Request ? input.url : input);
    return (models.get(origin) ?? outside)(input, init);
  };
}

export async function startDemoModel(options: DemoOptions = {}): Promise<DemoModel> {
  const origin = `http://demo-model-${models.size}.tab`;
  const { fetch, requests } = demoFetch(options);
  models.set(origin, fetch);
  return {
    origin,
    baseURL: `${origin}/v1`,
    requests,
    [Symbol.asyncDispose]: async () => void models.delete(origin),
  };
}
