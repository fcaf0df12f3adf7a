// The demo model, started because the environment names no other, and announced as one.
import type { ModelSettings } from './model-settings.ts';
import { optionalLibrary } from './optional-library.ts';

const NO_MODEL =
  'No OPENAI_API_KEY is set. Set it, or install the demo model: npm install --save-dev @turnstream/testkit (or pnpm add -D @turnstream/testkit).';

/** What a client needs to reach it; disposing closes it. */
export interface StartedDemo extends AsyncDisposable {
  readonly model: string;
  readonly apiKey: string;
  readonly baseURL: string;
}

type DemoSettings = Extract<ModelSettings, { provider: 'demo' }>;

export async function startDemo({ notice }: DemoSettings, onNotice?: (line: string) => void): Promise<StartedDemo> {
  const { startDemoModel } = await optionalLibrary(
    '@turnstream/testkit',
    () => import('@turnstream/testkit/demo'),
    NO_MODEL,
  );
  const tell = onNotice ?? ((line: string) => process.stderr.write(`${line}\n`));
  tell(notice);
  const demo = await startDemoModel();
  return {
    model: 'demo',
    apiKey: 'demo',
    baseURL: demo.baseURL,
    [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose](),
  };
}
