// Requests that are refused before anything is sent: by their version, by their shape, and by what this server supports.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorOf } from './expected.ts';
import { type A2ARig, openA2A, sent } from './rig.ts';

let rig: A2ARig;
beforeAll(async () => {
  rig = await openA2A({ ceilings: { requestsPerMinute: 1_000 } });
});
afterAll(() => rig[Symbol.asyncDispose]());

const noTask = 'There is no such task.';
const noPush = 'This server sends no push notifications. Subscribe to the task, or get it.';
const onlyApprovals =
  'Data is accepted only as {"approvals":[{"callId","arguments","approved"}]}, as the only part of the message.';
const foreignToken = 'The pageToken is not one of this server. Leave it out for the first page.';

test.each([
  ['1.0', ''],
  ['1.0.12', ''],
  ['', '?A2A-Version=1.0'],
  ['1.0', '?A2A-Version=0.3'],
])('a request in version "%s" with the query "%s" is read', async (version, query) => {
  const response = await rig.get(`/tasks/none${query}`, { headers: { 'a2a-version': version } });

  expect(await response.json()).toEqual({ error: errorOf('TASK_NOT_FOUND', noTask) });
});

test.each([
  ['', '', '0.3'],
  ['0.3', '', '0.3'],
  ['1.1', '', '1.1'],
  ['0.1.0', '', '0.1.0'],
  ['1.0-rc', '', '1.0-rc'],
  ['a version of many words', '', 'a version of many wo'],
  ['', '?A2A-Version=0.2', '0.2'],
  ['', '?A2A-Version=1.0&A2A-Version=1.0', '0.3'],
])('a request in version "%s" with the query "%s" is refused as one in "%s"', async (version, query, asked) => {
  const response = await rig.get(`/tasks/none${query}`, { headers: { 'a2a-version': version } });

  const words = `This server speaks A2A 1.0, and the request is in "${asked}". Send \`A2A-Version: 1.0\`.`;
  expect(await response.json()).toEqual({ error: errorOf('VERSION_NOT_SUPPORTED', words) });
});

const push = { taskPushNotificationConfig: { url: 'https://example.com/' } };

test.each<[string, unknown, string, string]>([
  ['no body', null, 'INPUT_INVALID', 'Invalid input: expected object, received null'],
  ['a list as its body', [], 'INPUT_INVALID', 'Invalid input: expected object, received array'],
  ['a text as its body', 'message', 'INPUT_INVALID', 'Invalid input: expected object, received string'],
  [
    'no message id',
    { message: { role: 'ROLE_USER', parts: [{ text: 'Hi' }] } },
    'INPUT_INVALID',
    'message.messageId: Invalid input: expected string, received undefined',
  ],
  ['the role of the agent', sent({ role: 'ROLE_AGENT' }), 'INPUT_INVALID', 'message.role: must be ROLE_USER'],
  [
    'a blank question',
    sent({ parts: [{ text: ' ' }] }),
    'INPUT_INVALID',
    'The message cannot be accepted: must not be blank.',
  ],
  [
    'a tenant',
    { ...sent({}), tenant: 'acme' },
    'INPUT_INVALID',
    'This server has no tenants. Leave tenant out, as in its agent card.',
  ],
  [
    'approvals of no task',
    sent({ parts: [{ data: { approvals: [approval()] } }] }),
    'INPUT_INVALID',
    'Approvals need the taskId of the task that waits for them.',
  ],
  [
    'an unknown context',
    sent({ contextId: 'none' }),
    'NOT_FOUND',
    'There is no such context. Leave contextId out to start one.',
  ],
  [
    'a context that is a path',
    sent({ contextId: '../etc' }),
    'INPUT_INVALID',
    'message.contextId: Invalid string: must match pattern /^[A-Za-z0-9_-]{1,128}$/',
  ],
  ['an unknown task', sent({ taskId: 'none' }), 'TASK_NOT_FOUND', noTask],
  ['a reference to an unknown task', sent({ referenceTaskIds: ['none'] }), 'TASK_NOT_FOUND', noTask],
  [
    'a file',
    sent({ parts: [{ text: 'Read.' }, { raw: 'aGk=' }] }),
    'CONTENT_TYPE_NOT_SUPPORTED',
    'A part has the media type ""; this agent reads: text.',
  ],
  ['other data', sent({ parts: [{ data: { a: 1 } }] }), 'CONTENT_TYPE_NOT_SUPPORTED', onlyApprovals],
  [
    'approvals beside text',
    sent({ parts: [{ data: { approvals: [approval()] } }, { text: 'Yes' }] }),
    'CONTENT_TYPE_NOT_SUPPORTED',
    onlyApprovals,
  ],
  [
    'data beside approvals',
    sent({ parts: [{ data: { approvals: [approval()] } }, { data: {} }] }),
    'CONTENT_TYPE_NOT_SUPPORTED',
    onlyApprovals,
  ],
  [
    'a long media type',
    sent({ parts: [{ raw: 'aGk=', mediaType: 'x'.repeat(101) }] }),
    'CONTENT_TYPE_NOT_SUPPORTED',
    `A part has the media type "${'x'.repeat(100)}"; this agent reads: text.`,
  ],
  [
    'no text accepted',
    sent({}, { acceptedOutputModes: ['image/png'] }),
    'CONTENT_TYPE_NOT_SUPPORTED',
    'This agent answers in text/plain. Accept it as an output mode.',
  ],
  ['a push notification', sent({}, push), 'PUSH_NOTIFICATION_NOT_SUPPORTED', noPush],
])('a message with %s is refused, whole and as a stream', async (_what, body, reason, message) => {
  const answers = [await rig.call('/message:send', body), await rig.call('/message:stream', body)];

  for (const { status, body: answered } of answers) {
    expect(answered).toEqual({ error: errorOf(reason, message) });
    expect(status).toBe(answered.error.code);
  }
  expect([rig.model.requests, await (await rig.get('/sessions')).json()]).toEqual([[], { sessions: [] }]);
});

test('every route of an unsupported A2A feature refuses', async () => {
  await using own = await openA2A();
  const configs = '/tasks/x/pushNotificationConfigs';

  const refused = [
    await own.call(configs, undefined, 'POST'),
    await own.call(configs),
    await own.call(`${configs}/y`),
    await own.call(`${configs}/y`, undefined, 'DELETE'),
    await own.call('/extendedAgentCard'),
  ];

  const none = errorOf('PUSH_NOTIFICATION_NOT_SUPPORTED', noPush);
  const card = errorOf('UNSUPPORTED_OPERATION', 'This agent has one card, at /.well-known/agent-card.json.');
  expect(refused.map(({ body }) => body.error)).toEqual([none, none, none, none, card]);
});

/** In the form of the server's own, but of no run. */
const forgedToken = Buffer.from('[1,"\\u0000"]').toString('base64url');

test.each([
  ['GET', `/tasks/task_${'0'.repeat(32)}_none`, 'TASK_NOT_FOUND', noTask],
  ['POST', '/tasks/none:cancel', 'TASK_NOT_FOUND', noTask],
  ['POST', '/tasks/none:subscribe', 'TASK_NOT_FOUND', noTask],
  ['GET', '/tasks/none:subscribe', 'TASK_NOT_FOUND', noTask],
  ['GET', '/tasks?pageSize=101', 'INPUT_INVALID', 'pageSize: Too big: expected number to be <=100'],
  ['GET', '/tasks?pageToken=none', 'INPUT_INVALID', foreignToken],
  ['GET', `/tasks?pageToken=${forgedToken}`, 'INPUT_INVALID', foreignToken],
  [
    'GET',
    '/tasks?status=TASK_STATE_RUNNING',
    'INPUT_INVALID',
    expect.stringMatching(/^status: Invalid option: expected one of /),
  ],
  ['GET', '/tasks?statusTimestampAfter=yesterday', 'INPUT_INVALID', 'statusTimestampAfter: Invalid ISO datetime'],
  ['GET', '/tasks/none?historyLength=-1', 'INPUT_INVALID', 'historyLength: Too small: expected number to be >=0'],
])('%s %s is refused with %s', async (method, path, reason, message) => {
  const { body } = await rig.call(path, undefined, method);

  expect(body).toEqual({ error: errorOf(reason, message) });
});

test('a failure of the server has the shape of A2A, and nothing of what went wrong', async () => {
  const authenticate = () => Promise.reject(new Error('the directory at 10.0.0.7 is away'));
  await using failing = await openA2A({ identity: { authenticate } });

  const { status, body } = await failing.call('/tasks');

  expect([status, body]).toEqual([
    500,
    { error: errorOf('SERVER_ERROR', 'The server failed. Its log has the request by its id.') },
  ]);
});

test('a body with the type of A2A is read, another type is refused, and answers have the type of A2A', async () => {
  const post = (type: string): Promise<Response> =>
    rig.post('/message:send', { message: {} }, { headers: { 'a2a-version': '1.0', 'content-type': type } });

  const [read, refused] = [await post('application/a2a+json'), await post('application/xml')];

  expect([read.status, refused.status]).toEqual([400, 415]);
  expect(read.headers.get('content-type')).toBe('application/a2a+json');
  expect(await refused.text()).toContain('CONTENT_TYPE_NOT_SUPPORTED');
});

function approval(): object {
  return { callId: 'call_1', arguments: '{}', approved: true };
}
