// A session in a file: its contents, who may read it, and how a file that is not a session is refused.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { httpError, mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { askAndSave, forgetSession, loadOrNew } from '../session-file.ts';
import { INSTRUCTIONS, statefulAgent } from '../stateful-agent.ts';
import { responsesAt } from './both-apis.ts';
import { freshFolder } from './folder.ts';

test('a saved session holds its id and its turns, and neither instructions nor a key', async () => {
  using model = mockModel(reply('Noted.'));
  using folder = freshFolder();

  await askAndSave(statefulAgent(responsesAt(model.baseURL)), 'My color is teal.', folder.file('session.json'));

  const text = readFileSync(folder.file('session.json'), 'utf8');
  expect(JSON.parse(text)).toEqual({
    type: 'agent_session',
    version: 1,
    sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    serviceSessionId: null,
    state: {
      history: {
        turns: [
          [
            { role: 'user', contents: 'My color is teal.' },
            expect.objectContaining({ role: 'assistant', contents: 'Noted.' }),
          ],
        ],
      },
    },
  });
  expect(text).not.toContain(INSTRUCTIONS);
  expect(text).not.toContain('test-key');
});

test('only its owner may read the file, and no unfinished one is left beside it', async () => {
  using model = mockModel(reply('Noted.'));
  using folder = freshFolder();

  await askAndSave(statefulAgent(responsesAt(model.baseURL)), 'My color is teal.', folder.file('session.json'));

  expect(statSync(folder.file('session.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder.path)).toEqual(['session.json']);
});

test('a save leaves the old file intact for a process that has it open', async () => {
  using model = mockModel(reply('Noted.'), reply('Teal.'));
  using folder = freshFolder();
  const file = folder.file('session.json');
  const agent = statefulAgent(responsesAt(model.baseURL));
  await askAndSave(agent, 'My color is teal.', file);
  const before = readFileSync(file, 'utf8');
  await using reader = await open(file);

  await askAndSave(agent, 'Which color?', file);

  expect(await reader.readFile('utf8')).toBe(before);
  expect(readFileSync(file, 'utf8')).toContain('Teal.');
});

test('a turn that failed leaves the file as it was', async () => {
  using model = mockModel(reply('Noted.'), httpError(500));
  using folder = freshFolder();
  const file = folder.file('session.json');
  const agent = statefulAgent(responsesAt(model.baseURL));
  await askAndSave(agent, 'My color is teal.', file);
  const before = readFileSync(file, 'utf8');

  const failing = askAndSave(agent, 'Which color?', file);

  await expect(failing).rejects.toMatchObject({ code: 'server_error' });
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('after a reset the next question is a first one', async () => {
  using model = mockModel(reply('Noted.'), reply('You told me none.'));
  using folder = freshFolder();
  const file = folder.file('session.json');
  const agent = statefulAgent(responsesAt(model.baseURL));
  await askAndSave(agent, 'My color is teal.', file);

  await forgetSession(file);
  await askAndSave(agent, 'Which color?', file);

  expect(model.requests[1]!.texts).toEqual(['Which color?']);
});

test.each([
  ['half a file', '{"type":"agent_session","sta'],
  ['a file of words', 'secret words'],
  ['JSON of another kind', '{"messages":["secret"]}'],
  [
    'a session of a version to come',
    '{"type":"agent_session","version":2,"sessionId":"secret","serviceSessionId":null,"state":{}}',
  ],
])('%s is refused, never treated as a new conversation, and not quoted', async (_, text) => {
  using folder = freshFolder();
  const file = folder.file('session.json');
  writeFileSync(file, text);
  const agent = statefulAgent(responsesAt('http://model.test/v1'));

  const loading = loadOrNew(agent, file);

  const error: unknown = await loading.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'session_invalid', message: expect.stringContaining(file) });
  expect(String(error)).not.toMatch(/secret|"sta/);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
