// What every BackgroundClient does without a stream: it starts responses, looks at them, and cancels them.
import { expect } from 'vitest';
import { background } from '../script/background.ts';
import { callTool } from '../script/call-tool.ts';
import { responseFailed } from '../script/faults.ts';
import { httpError, reply } from '../script/reply.ts';
import { cancel, letters, look, rigFor, start, text } from './background-check.ts';
import { type ClientChecks, failureOf, lastKnown, leftEarly, textOf } from './client-check.ts';

export const checksOfLooks: ClientChecks = {
  async 'starts a response that the service stores, and holds no connection'(makeClient) {
    await using it = await rigFor(makeClient, background(reply('A'), { looks: ['queued'] }));

    const started = await start(it.client);

    expect(started).toMatchObject({ id: 'resp_1', status: 'queued', updates: [], error: null });
    const [request] = it.model.requests;
    expect(request?.body).toMatchObject({ model: 'contract-model', background: true });
    expect(request?.body['store'] ?? true).toBe(true);
    expect(request?.texts).toEqual(['What is Python?']);
    expect(await leftEarly(request)).toBe(false);
  },

  async 'looks at a response, and has the answer when it is whole'(makeClient) {
    const usage = { inputTokens: 31, outputTokens: 8 };
    const step = background(reply(letters, { usage }), { looks: ['queued', 'in_progress'] });
    await using it = await rigFor(makeClient, step);
    const { id } = await start(it.client);

    const looks = [await look(it.client, id), await look(it.client, id), await look(it.client, id)];

    expect(looks.map(({ status }) => status)).toEqual(['queued', 'in_progress', 'completed']);
    const updates = looks[2]?.updates ?? [];
    expect(textOf(updates)).toBe(text);
    expect(lastKnown(updates, 'finishReason')).toBe('stop');
    expect(lastKnown(updates, 'usage')).toMatchObject(usage);
    expect(it.model.requests.slice(1).map(({ method, responseId }) => [method, responseId])).toEqual(
      looks.map(() => ['GET', id]),
    );
  },

  async 'gives the tool calls of a response'(makeClient) {
    const args = '{"city":"Oslo"}';
    await using it = await rigFor(makeClient, callTool('get_weather', args, { callId: 'call_a' }));
    const { id } = await start(it.client);

    const { status, updates } = await look(it.client, id);

    expect(status).toBe('completed');
    expect(updates.flatMap(({ contents }) => contents)).toEqual([
      { type: 'function_call', callId: 'call_a', name: 'get_weather', arguments: args },
    ]);
    expect(lastKnown(updates, 'finishReason')).toBe('tool_calls');
  },

  async 'says why a response failed'(makeClient) {
    const fault = responseFailed({ chunks: 1 }, { code: 'contract_failure', message: 'broken on purpose' });
    await using it = await rigFor(makeClient, background(reply(letters, { fault })));
    const { id } = await start(it.client);

    const { status, error } = await look(it.client, id);

    expect(status).toBe('failed');
    expect(error).toMatchObject({ name: 'AgentError', serviceCode: 'contract_failure' });
  },

  async 'has what there is of an incomplete response, and the reason'(makeClient) {
    await using it = await rigFor(makeClient, background(reply(letters, { finishReason: 'length' })));
    const { id } = await start(it.client);

    const { status, updates } = await look(it.client, id);

    expect(status).toBe('incomplete');
    expect(textOf(updates)).toBe(text);
    expect(lastKnown(updates, 'finishReason')).toBe('length');
  },

  async 'finds what the service does not know to be expired, and not an error'(makeClient) {
    await using it = await rigFor(makeClient, background(reply('A'), { looks: ['done', 'expired'] }));
    const { id } = await start(it.client);
    await look(it.client, id);

    expect(await look(it.client, id)).toMatchObject({ id, status: 'expired', updates: [], error: null });
    expect(await look(it.client, 'resp_of_nobody')).toMatchObject({ id: 'resp_of_nobody', status: 'expired' });
  },

  async 'says how long the service wants to be left alone'(makeClient) {
    const step = background(reply('A'), { looks: ['queued'], openHeaders: { 'retry-after': '2' } });
    await using it = await rigFor(makeClient, step);

    const started = await start(it.client);
    const open = await look(it.client, started.id);
    const done = await look(it.client, started.id);

    expect([started.retryAfterMs, open.retryAfterMs, done.retryAfterMs]).toEqual([2000, 2000, null]);
  },

  async 'rejects with a code when the service refuses to start, or a look fails'(makeClient) {
    const step = background(reply('A'), { looks: [httpError(503)] });
    await using it = await rigFor(makeClient, httpError(400), step);

    expect(await failureOf(start(it.client))).toMatchObject({ name: 'AgentError', code: 'bad_request', status: 400 });
    const { id } = await start(it.client);
    expect(await failureOf(look(it.client, id))).toMatchObject({ code: 'server_error', status: 503 });
    expect((await look(it.client, id)).status).toBe('completed');
  },

  async 'cancels a response that is open'(makeClient) {
    await using it = await rigFor(makeClient, background(reply('A'), { looks: ['queued'] }));
    const { id } = await start(it.client);

    const cancelled = await cancel(it.client, id);

    expect(cancelled).toMatchObject({ id, status: 'cancelled', error: null });
    expect((await look(it.client, id)).status).toBe('cancelled');
  },

  async 'says what became of a response that ended before it was cancelled'(makeClient) {
    await using it = await rigFor(makeClient, background(reply(letters)));
    const { id } = await start(it.client);

    const { status, updates } = await cancel(it.client, id);

    expect(status).toBe('completed');
    expect(textOf(updates)).toBe(text);
    expect((await cancel(it.client, 'resp_of_nobody')).status).toBe('expired');
  },
};
