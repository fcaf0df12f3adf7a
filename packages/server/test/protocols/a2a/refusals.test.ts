// Requests that are refused before anything is sent: by their version, by their shape, and by what this server supports.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type A2ARig, openA2A, sent } from './rig.ts';

let rig: A2ARig;
beforeAll(async () => {
  rig = await openA2A({ ceilings: { requestsPerMinute: 1_000 } });
});
afterAll(() => rig[Symbol.asyncDispose]());

test.each([
  ['1.0', '', 'TASK_NOT_FOUND'],
  ['1.0.12', '', 'TASK_NOT_FOUND'],
  ['', '?A2A-Version=1.0', 'TASK_NOT_FOUND'],
  ['1.0', '?A2A-Version=0.3', 'TASK_NOT_FOUND'],
  ['', '', 'VERSION_NOT_SUPPORTED'],
  ['0.3', '', 'VERSION_NOT_SUPPORTED'],
  ['1.1', '', 'VERSION_NOT_SUPPORTED'],
  ['0.1.0', '', 'VERSION_NOT_SUPPORTED'],
  ['1.0-rc', '', 'VERSION_NOT_SUPPORTED'],
  ['', '?A2A-Version=0.3', 'VERSION_NOT_SUPPORTED'],
  ['', '?A2A-Version=1.0&A2A-Version=1.0', 'VERSION_NOT_SUPPORTED'],
])('a request in version "%s" with the query "%s" gets %s', async (version, query, reason) => {
  const response = await rig.get(`/tasks/none${query}`, { headers: { 'a2a-version': version } });

  expect(await response.json()).toMatchObject({ error: { details: [{ reason }] } });
});

const push = { taskPushNotificationConfig: { url: 'https://example.com/' } };

test.each([
  ['no message id', { message: { role: 'ROLE_USER', parts: [{ text: 'Hi' }] } }, 'INPUT_INVALID'],
  ['the role of the agent', sent({ role: 'ROLE_AGENT' }), 'INPUT_INVALID'],
  ['a blank question', sent({ parts: [{ text: ' ' }] }), 'INPUT_INVALID'],
  ['a tenant', { ...sent({}), tenant: 'acme' }, 'INPUT_INVALID'],
  ['approvals of no task', sent({ parts: [{ data: { approvals: [approval()] } }] }), 'INPUT_INVALID'],
  ['an unknown context', sent({ contextId: 'none' }), 'NOT_FOUND'],
  ['a context that is a path', sent({ contextId: '../etc' }), 'INPUT_INVALID'],
  ['an unknown task', sent({ taskId: 'none' }), 'TASK_NOT_FOUND'],
  ['a reference to an unknown task', sent({ referenceTaskIds: ['none'] }), 'TASK_NOT_FOUND'],
  ['a file', sent({ parts: [{ text: 'Read.' }, { raw: 'aGk=' }] }), 'CONTENT_TYPE_NOT_SUPPORTED'],
  ['other data', sent({ parts: [{ data: { a: 1 } }] }), 'CONTENT_TYPE_NOT_SUPPORTED'],
  [
    'approvals beside text',
    sent({ parts: [{ data: { approvals: [approval()] } }, { text: 'Yes' }] }),
    'CONTENT_TYPE_NOT_SUPPORTED',
  ],
  ['no text accepted', sent({}, { acceptedOutputModes: ['image/png'] }), 'CONTENT_TYPE_NOT_SUPPORTED'],
  ['a push notification', sent({}, push), 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
])('a message with %s is refused, whole and as a stream', async (_what, body, reason) => {
  const answers = [await rig.call('/message:send', body), await rig.call('/message:stream', body)];

  const [code, status] = STATUS[reason]!;
  const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
  const domain = OURS.has(reason) ? 'turnstream' : 'a2a-protocol.org';
  for (const answer of answers) {
    expect(answer.status).toBe(code);
    expect(answer.body.error).toMatchObject({ code, status, details: [{ reason, domain, metadata: { requestId } }] });
  }
  expect([rig.model.requests, await (await rig.get('/sessions')).json()]).toEqual([[], { sessions: [] }]);
});

/** In the form of the server's own, but of no run. */
const forgedToken = Buffer.from('[1,"\\u0000"]').toString('base64url');

test.each([
  ['POST', '/tasks/x/pushNotificationConfigs', 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
  ['GET', '/tasks/x/pushNotificationConfigs', 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
  ['GET', '/tasks/x/pushNotificationConfigs/y', 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
  ['DELETE', '/tasks/x/pushNotificationConfigs/y', 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
  ['GET', '/extendedAgentCard', 'UNSUPPORTED_OPERATION'],
  ['POST', '/tasks/none:cancel', 'TASK_NOT_FOUND'],
  ['POST', '/tasks/none:subscribe', 'TASK_NOT_FOUND'],
  ['GET', '/tasks/none:subscribe', 'TASK_NOT_FOUND'],
  ['GET', '/tasks?pageSize=101', 'INPUT_INVALID'],
  ['GET', '/tasks?pageToken=none', 'INPUT_INVALID'],
  ['GET', `/tasks?pageToken=${forgedToken}`, 'INPUT_INVALID'],
  ['GET', '/tasks?status=TASK_STATE_RUNNING', 'INPUT_INVALID'],
  ['GET', '/tasks?statusTimestampAfter=yesterday', 'INPUT_INVALID'],
  ['GET', '/tasks/none?historyLength=-1', 'INPUT_INVALID'],
])('%s %s is refused with %s', async (method, path, reason) => {
  const { body } = await rig.call(path, undefined, method);

  const [code, status] = STATUS[reason]!;
  expect(body.error).toMatchObject({ code, status, details: [{ reason }] });
});

test('a body with the type of A2A is read, another type is refused, and answers have the type of A2A', async () => {
  const post = (type: string): Promise<Response> =>
    rig.post('/message:send', { message: {} }, { headers: { 'a2a-version': '1.0', 'content-type': type } });

  const [read, refused] = [await post('application/a2a+json'), await post('application/xml')];

  expect([read.status, refused.status]).toEqual([400, 415]);
  expect(read.headers.get('content-type')).toBe('application/a2a+json');
  expect(await refused.text()).toContain('CONTENT_TYPE_NOT_SUPPORTED');
});

/** The HTTP status and the code of gRPC. */
const STATUS: Readonly<Record<string, readonly [number, string]>> = {
  INPUT_INVALID: [400, 'INVALID_ARGUMENT'],
  CONTENT_TYPE_NOT_SUPPORTED: [400, 'INVALID_ARGUMENT'],
  PUSH_NOTIFICATION_NOT_SUPPORTED: [400, 'FAILED_PRECONDITION'],
  UNSUPPORTED_OPERATION: [400, 'FAILED_PRECONDITION'],
  NOT_FOUND: [404, 'NOT_FOUND'],
  TASK_NOT_FOUND: [404, 'NOT_FOUND'],
};

const OURS = new Set(['INPUT_INVALID', 'NOT_FOUND']);

function approval(): object {
  return { callId: 'call_1', arguments: '{}', approved: true };
}
