// Messages and their tasks: in one context or several, of one owner or two, answered at once or in the background.
import { contextProvider } from '@turnstream/core';
import { callTool, httpError, reply, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { memoryStore } from '../../app-rig.ts';
import { approved, five, paying, rejected } from '../../paying.ts';
import { brief, framesOf, openA2A, sent } from './rig.ts';

const asks = callTool('pay', [five], { callId: 'call_1' });
const headers = { 'a2a-version': '1.0' };

test('a task has its question, its answer and its tokens, and is found again', async () => {
  const usage = { inputTokens: 9, outputTokens: 3, cachedInputTokens: 0, reasoningTokens: 0 };
  await using rig = await openA2A({ steps: [reply('A language.', { usage })] });

  const task = await rig.send({});
  const { body } = await rig.call(`/tasks/${task.id}`);
  const { body: short } = await rig.call(`/tasks/${task.id}?historyLength=0`);

  const { id, contextId } = task;
  expect(task).toEqual({
    id: expect.stringMatching(/^task_[0-9a-f]{32}_/),
    contextId: expect.any(String),
    status: { state: 'TASK_STATE_COMPLETED', timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) },
    artifacts: [{ artifactId: 'answer', parts: [{ text: 'A language.' }] }],
    history: [
      {
        messageId: `${id}-question`,
        contextId,
        taskId: id,
        role: 'ROLE_USER',
        parts: [{ text: 'What is Python?' }],
      },
    ],
    metadata: { finishReason: 'stop', usage: { ...usage, totalTokens: 12 } },
  });
  const { metadata: _metadata, ...stored } = task;
  expect(body).toEqual({ ...stored, status: { state: 'TASK_STATE_COMPLETED' } });
  expect(short).not.toHaveProperty('history');
});

test('the texts of several parts are one question', async () => {
  await using rig = await openA2A({ steps: [reply('Yes.')] });

  const modes = { acceptedOutputModes: ['image/png', 'text/plain'] };
  await rig.call('/message:send', { ...sent({ parts: [{ text: 'Is this' }, { text: 'one?' }] }, modes), tenant: '' });

  expect(rig.model.requests[0]!.texts).toEqual(['Is this\none?']);
});

test('an agent that fails before its model is asked leaves no context, and keeps one that was there', async () => {
  const search = contextProvider({ provide: () => Promise.reject(new Error('the search is away')) });
  await using rig = await openA2A({ agent: { middleware: [search] } });

  const { sessionId: contextId } = await rig.store.runs.createSession({ owner: 'local', maxSessions: 1 });

  const task = await rig.send({});
  const frames = await framesOf(await rig.post('/message:stream', sent({}), { headers }));
  await rig.send({ contextId });

  expect([task.status.state, brief(frames).at(-1)]).toEqual(['TASK_STATE_FAILED', 'TASK_STATE_FAILED']);
  expect(await (await rig.get('/sessions')).json()).toMatchObject({ sessions: [{ sessionId: contextId }] });
});

test('a message may refer to tasks of its own context, and to no others', async () => {
  await using rig = await openA2A({ steps: [reply('A language.'), reply('1991')] });
  const first = await rig.send({});
  const { contextId } = first;

  const second = await rig.send({ contextId, referenceTaskIds: [first.id] });
  const other = await rig.call('/message:send', sent({ referenceTaskIds: [first.id] }));

  expect([second.contextId, second.status.state]).toEqual([contextId, 'TASK_STATE_COMPLETED']);
  expect([other.status, other.body.error.details[0].reason]).toEqual([400, 'UNSUPPORTED_OPERATION']);
});

test('contexts and tasks of another owner look like ones that do not exist', async () => {
  const store = memoryStore();
  await using rig = await openA2A({ store, steps: [reply('Hi Ann.')] });
  await using theirs = await openA2A({ store, identity: { authenticate: async () => 'eve' } });
  const { id, contextId } = await rig.send({});

  const answers = [
    await theirs.call(`/tasks/${id}`),
    await theirs.call('/message:send', sent({ contextId })),
    await theirs.call('/message:send', sent({ taskId: id })),
    await theirs.call(`/tasks/${id}:cancel`, undefined, 'POST'),
  ];

  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  expect(answers.map(({ body }) => body.error.message).join()).not.toContain('Ann');
});

test('a task that has ended takes no message, and none of another context', async () => {
  await using rig = await openA2A({ steps: [reply('A language.'), reply('Hi.')] });
  const { id } = await rig.send({});
  const { contextId } = await rig.send({});

  const ended = await rig.call('/message:send', sent({ taskId: id }));
  const mixed = await rig.call('/message:send', sent({ taskId: id, contextId }));
  const approval = await rig.call('/message:send', sent({ taskId: id, parts: [{ data: { approvals: approved } }] }));

  expect([ended, approval].map(({ body }) => body.error.details[0].reason)).toEqual([
    'UNSUPPORTED_OPERATION',
    'UNSUPPORTED_OPERATION',
  ]);
  expect([ended.body.error.message, mixed.body.error.message]).toEqual([
    expect.stringContaining('has ended'),
    expect.stringContaining('another context'),
  ]);
});

test('a task that waits takes only the decision about its calls, and goes on in the same task', async () => {
  const { pay, paid } = paying();
  await using rig = await openA2A({ agent: { tools: [pay] }, steps: [asks, reply('Not paid.')] });
  const { id, contextId, status } = await rig.send({});
  const other = [{ ...approved[0]!, arguments: '{"euros": 500}' }];

  const question = await rig.call('/message:send', sent({ taskId: id }));
  const changed = await rig.call('/message:send', sent({ taskId: id, parts: [{ data: { approvals: other } }] }));
  const no = sent({ taskId: id, contextId, parts: [{ data: { approvals: rejected } }] }, { returnImmediately: true });
  const frames = await framesOf(await rig.post('/message:stream', no, { headers }));
  const { body: got } = await rig.call(`/tasks/${id}`);

  expect(status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  expect(status.message!.parts[1]!.data).toEqual({
    approvals: [{ callId: 'call_1', name: 'pay', arguments: five, expiresAtMs: expect.any(Number) }],
  });
  expect(question.body.error.message).toContain('waits for approvals');
  expect(changed.status).toBe(400);
  expect(brief(frames)).toEqual(['TASK_STATE_WORKING', 'Not paid.', '', 'TASK_STATE_COMPLETED']);
  expect([got.status.state, got.artifacts]).toEqual([
    'TASK_STATE_COMPLETED',
    [{ artifactId: 'answer', parts: [{ text: 'Not paid.' }] }],
  ]);
  expect(paid).toEqual([]);
});

test('a question in the context gives up the calls of a task that waits, and the task has failed', async () => {
  const { pay } = paying();
  await using rig = await openA2A({ agent: { tools: [pay] }, steps: [asks, reply('Hi.')] });
  const { id, contextId } = await rig.send({});

  await rig.send({ contextId });

  expect((await rig.call(`/tasks/${id}`)).body.status).toMatchObject({
    state: 'TASK_STATE_FAILED',
    message: { parts: [{ text: expect.stringContaining('not approved') }] },
  });
});

test('a task that has ended stays so when a later one of its context waits', async () => {
  const { pay } = paying();
  await using rig = await openA2A({ agent: { tools: [pay] }, steps: [reply('Hi.'), asks] });
  const { id, contextId } = await rig.send({});

  const later = await rig.send({ contextId });
  const whole = sent({ taskId: later.id, parts: [{ data: { approvals: approved } }] }, { returnImmediately: true });
  const refused = await rig.call('/message:send', whole);

  expect(later.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  expect((await rig.call(`/tasks/${id}`)).body.status.state).toBe('TASK_STATE_COMPLETED');
  expect(refused.body.error).toMatchObject({ message: expect.stringContaining('at once'), code: 400 });
});

test('an answer that failed, or was cut short, is a failed task that is found again', async () => {
  const short = reply('A lang', { finishReason: 'length' });
  await using rig = await openA2A({ steps: [httpError(500), short] });

  const tasks = [await rig.send({}), await rig.send({})];
  const found = await Promise.all(tasks.map(({ id }) => rig.call(`/tasks/${id}`)));

  expect(tasks.map(({ status }) => [status.state, status.message!.parts[0]!.text])).toEqual([
    ['TASK_STATE_FAILED', "The model's service failed. Ask again later."],
    ['TASK_STATE_FAILED', 'The answer is incomplete: the model stopped early.'],
  ]);
  expect(rig.log.filter((line) => line.includes('"cause":"server_error","msg":"task failed"'))).toHaveLength(1);
  expect(tasks[0]!.metadata).toMatchObject({ error: { code: 'server_error', retryable: true } });
  expect(found.map(({ body }) => body.status.state)).toEqual(['TASK_STATE_FAILED', 'TASK_STATE_FAILED']);
});

test('a second message in a context that is being answered is refused', async () => {
  await using rig = await openA2A({ steps: [reply('A language.'), reply('x', { fault: stallAfter({ frames: 0 }) })] });
  const { contextId } = await rig.send({});
  // Held until the end of the test: a response that is garbage-collected closes its connection.
  const streaming = await rig.post('/message:stream', sent({ contextId }), { headers });

  const { status, body } = await rig.call('/message:send', sent({ contextId }));

  expect([status, body.error.status, body.error.details[0].reason]).toEqual([409, 'ABORTED', 'SESSION_BUSY']);
  await streaming.body?.cancel();
});

test('an agent whose model has no background refuses to return at once', async () => {
  await using rig = await openA2A({ api: 'chat_completions' });

  const { body } = await rig.call('/message:send', sent({}, { returnImmediately: true }));

  expect(body.error).toMatchObject({ code: 400, details: [{ reason: 'UNSUPPORTED_OPERATION' }] });
});

test('a caller who has as many contexts or tasks as are allowed gets no more', async () => {
  await using rig = await openA2A({ ceilings: { sessionsPerUser: 0 } });
  await using busy = await openA2A({ ceilings: { openRunsPerUser: 0 } });

  const refused = [
    await rig.call('/message:send', sent({})),
    await rig.call('/message:send', sent({}, { returnImmediately: true })),
    await busy.call('/message:send', sent({}, { returnImmediately: true })),
  ];

  const noSession =
    'The limit of 0 sessions per user is reached. Delete one with DELETE /sessions/:id, or continue one.';
  expect(refused.map(({ status, body }) => [status, body.error.status, body.error.message])).toEqual([
    [409, 'ABORTED', noSession],
    [409, 'ABORTED', noSession],
    [503, 'UNAVAILABLE', '0 runs are open, which is the limit. Wait for one to end, or cancel one.'],
  ]);
});
