// The tests for a real model, run against the demo model through the same environment variables: when a key comes along,
// they still work.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { startDemoModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly tags: readonly string[];
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const scripts = join(import.meta.dirname, '..');

/** What the tests for a real model came to, with these environment variables. */
async function runForRealModel(variables: Readonly<Record<string, string>>): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'turnstream-real-model-'));
  const file = join(folder, 'report.json');
  const vitest = join(scripts, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config=vitest.real-model.ts', '--tagsFilter=real-model', `--outputFile=${file}`];
  try {
    const { promise, resolve } = Promise.withResolvers<void>();
    execFile(process.execPath, args, { cwd: scripts, env: { ...process.env, ...variables } }, () => resolve());
    await promise;
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the tests for a real model pass against the demo model, and none is skipped', async () => {
  await using demo = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 1, queuedMs: 0 } });

  const { testResults } = await runForRealModel({
    LLM_PROVIDER: 'openai',
    LLM_MODEL: 'demo',
    OPENAI_API: '',
    OPENAI_API_KEY: 'any-key',
    OPENAI_BASE_URL: demo.baseURL,
  });

  const forRealModel = testResults.flatMap((file) =>
    file.assertionResults.filter(({ tags }) => tags.includes('real-model')),
  );
  expect(forRealModel.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(testResults.map(({ name }) => relative(scripts, name)).toSorted()).toEqual([
    '../packages/config/test/real-model.test.ts',
    '../tutorials/01-first-agent/test/first-agent.test.ts',
    '../tutorials/02-adding-tools/test/add-tools.test.ts',
    '../tutorials/03-streaming-and-multiturn/test/real-llm.test.ts',
    '../tutorials/04-sessions-and-memory/test/series.test.ts',
  ]);
});
