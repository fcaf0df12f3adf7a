// Bodies that do not fit, and requests that have none.
import { expect, test } from 'vitest';
import { openRig } from '../app-rig.ts';

test.each([
  ['/chat', { message: 'Hi', history: 'none' }, 'history: Invalid input: expected array, received string'],
  ['/chat', { message: ' ' }, 'message: must not be blank'],
  ['/chat', { message: '' }, 'message: must not be blank'],
  ['/chat', {}, 'Send a message, or approvals for the calls that wait.'],
  [
    '/agui',
    { threadId: 't', runId: 'r', messages: [{ role: 'tool', content: 'x' }] },
    'messages.0.toolCallId: Invalid input: expected string, received undefined',
  ],
])('%s says what is wrong with a body, and where', async (path, body, message) => {
  await using rig = await openRig({ agui: { history: 'client' } });

  const refused = await rig.post(path, body);

  expect([refused.status, (await refused.json()).error]).toMatchObject([400, { code: 'input_invalid', message }]);
});

test('a request without a body may say that it is JSON', async () => {
  await using rig = await openRig();
  const headers = { 'content-type': 'application/json' };

  const removed = await rig.get('/sessions/none', { method: 'DELETE', headers });
  const asked = await rig.post('/chat', undefined, { headers });

  expect([removed.status, (await removed.json()).error.code]).toEqual([404, 'not_found']);
  expect([asked.status, (await asked.json()).error.message]).toEqual([
    400,
    'Invalid input: expected object, received null',
  ]);
});
