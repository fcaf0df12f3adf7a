// A run in a file: what another process finds, and that the turn is stored once however often it is resumed.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { AgentSession } from '@turnstream/core';
import { background, mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { loadRun, saveRun } from '../run-file.ts';
import { freshFolder } from './folder.ts';
import { agentAt } from './scripted-agent.ts';

test('another process resumes the run, and starts nothing', async () => {
  using model = mockModel(background(reply(['A long ', 'report.']), { looks: [] }));
  using folder = freshFolder();
  const file = folder.file('run.json');
  const first = agentAt(model);
  const session = first.createSession();
  await saveRun({ run: await first.runInBackground('Write it.', { session }), session }, file);

  const { run } = await loadRun(agentAt(model), file);
  const answer = await run.wait();

  expect(answer.text).toBe('A long report.');
  expect(model.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
});

test('a run that is resumed twice is delivered twice and stored once', async () => {
  using model = mockModel(background(reply(['A long ', 'report.']), { looks: [] }), reply('Two.'));
  using folder = freshFolder();
  const file = folder.file('run.json');
  const agent = agentAt(model);
  const session = agent.createSession();
  await saveRun({ run: await agent.runInBackground('Write it.', { session }), session }, file);

  for (const _ of ['once', 'twice']) {
    const stored = await loadRun(agentAt(model), file);
    await stored.run.wait();
    await saveRun(stored, file);
  }
  await agent.run('How many words?', { session: (await loadRun(agent, file)).session });

  expect(model.requests.at(-1)!.texts).toEqual(['Write it.', 'A long report.', 'How many words?']);
});

test('the file holds the question and no key, does not grow with the answer, and is private', async () => {
  using model = mockModel(background(reply(['A long ', 'report.'])));
  using folder = freshFolder();
  const file = folder.file('run.json');
  const agent = agentAt(model);
  const run = await agent.runInBackground('Write it.', { stream: true });
  for await (const _ of run.updates());

  await saveRun({ run, session: agent.createSession() }, file);

  const text = readFileSync(file, 'utf8');
  expect(JSON.parse(text)).toMatchObject({ run: { type: 'background_run', version: 1, responseId: 'resp_1' } });
  expect(text).toContain('Write it.');
  expect(text).not.toMatch(/test-key|A long/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a run of one session is not resumed with another', async () => {
  using model = mockModel(background(reply('Done.')));
  const agent = agentAt(model);
  const run = await agent.runInBackground('Write it.', { session: agent.createSession() });

  const resuming = () => agent.resumeBackground(run.toJSON(), { session: new AgentSession() });

  expect(resuming).toThrow(expect.objectContaining({ code: 'history_mismatch' }));
});

test('without a file the error says how to start a run', async () => {
  using folder = freshFolder();

  const loading = loadRun(agentAt({ baseURL: 'http://model.test/v1' }), folder.file('run.json'));

  await expect(loading).rejects.toMatchObject({
    code: 'token_invalid',
    message: expect.stringMatching(/run\.json holds no stored run\. Start one: .* start$/),
  });
});

test.each([
  ['half a file', '{"run":{"type":"backgr'],
  ['a list', '[]'],
  ['another object', '{}'],
  ['a file without a run', '{"session":SESSION}'],
])('%s is not a stored run: the error names the file and quotes none of it', async (_, text) => {
  using folder = freshFolder();
  const file = folder.file('run.json');
  writeFileSync(file, text.replace('SESSION', JSON.stringify(new AgentSession())));

  const loading = loadRun(agentAt({ baseURL: 'http://model.test/v1' }), file);

  const error: unknown = await loading.catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: expect.stringMatching(/^(token|session)_invalid$/),
    message: expect.stringContaining(file),
  });
  expect(String(error)).not.toContain('backgr"');
});
