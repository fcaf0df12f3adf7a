// An app in a few files: what docs/understand/bundling-an-app.md says of it.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeModel } from '../src/fake-model.ts';
import { chunksOfText } from '../src/wire.ts';

test('an app that is bundled answers over node:http, with one file for each part that is loaded later', async () => {
  await using model = await startFakeModel();
  const directory = await mkdtemp(join(tmpdir(), 'turnstream-app-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const input = join(import.meta.dirname, 'app.ts');

  await using app = await rolldown({ input, platform: 'node' });
  await app.write({ dir: directory, format: 'esm', minify: true });
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(directory, 'app.js'),
    `${model.origin}/burst/2/v1`,
  ]);

  expect(JSON.parse(stdout)).toEqual({ text: chunksOfText(2).join(''), overFetch: false });
  expect((await readdir(directory)).length).toBeGreaterThan(1);
});
