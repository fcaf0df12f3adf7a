// What every BackgroundClient does without a stream: it starts, polls and cancels responses.
import { expect } from 'vitest';
import { background } from '../script/background.ts';
import { callTool } from '../script/call-tool.ts';
import { TestClock } from '../script/clock.ts';
import { responseFailed } from '../script/faults.ts';
import { httpError, reply } from '../script/reply.ts';
import { letters, openBackground, text } from './background-check.ts';
import { type ClientChecks, lastKnown, textOf } from './client-check.ts';

const weather = { name: 'get_weather', description: 'The weather of a city.', parameters: { type: 'object' } };

export const checksOfLooks: ClientChecks = {
  async 'starts a response that the service stores, and holds no connection'(open) {
    await using it = await openBackground(open, background(reply('A'), { looks: ['queued'] }));

    const started = await it.start();

    expect(started).toMatchObject({ status: 'queued', updates: [], error: null });
    expect(started.id).not.toBe('');
    await it.rig.called();
    const [request] = it.requests;
    expect(request?.body).toMatchObject({ model: 'contract-model', background: true });
    expect(request?.body['store'] ?? true).toBe(true);
    expect(request?.texts).toEqual(['What is Python?']);
    expect(await it.rig.leftEarly(request)).toBe(false);
  },

  async 'polls a response, and returns the answer once it is complete'(open) {
    const usage = { inputTokens: 31, outputTokens: 8 };
    const step = background(reply(letters, { usage }), { looks: ['queued', 'in_progress'] });
    await using it = await openBackground(open, step);
    const { id } = await it.start();

    const looks = [await it.look(id), await it.look(id), await it.look(id)];

    expect(looks.map(({ status }) => status)).toEqual(['queued', 'in_progress', 'completed']);
    const updates = looks[2]?.updates ?? [];
    expect(textOf(updates)).toBe(text);
    expect(lastKnown(updates, 'finishReason')).toBe('stop');
    expect(lastKnown(updates, 'usage')).toMatchObject(usage);
    expect(it.requests.slice(1).map(({ method, responseId }) => [method, responseId])).toEqual(
      looks.map(() => ['GET', id]),
    );
  },

  async 'returns the tool calls of a response'(open) {
    const args = '{"city":"Oslo"}';
    await using it = await openBackground(open, callTool('get_weather', args, { callId: 'call_a' }));
    const { id } = await it.start({ tools: [weather] });

    const { status, updates } = await it.ended(id);

    expect(status).toBe('completed');
    expect(updates.flatMap(({ contents }) => contents)).toEqual([
      { type: 'function_call', callId: 'call_a', name: 'get_weather', arguments: args },
    ]);
    expect(lastKnown(updates, 'finishReason')).toBe('tool_calls');
  },

  async 'reports why a response failed'(open) {
    const fault = responseFailed({ chunks: 1 }, { code: 'contract_failure', message: 'broken on purpose' });
    await using it = await openBackground(open, background(reply(letters, { fault })));
    const { id } = await it.start();

    const { status, error } = await it.ended(id);

    expect(status).toBe('failed');
    expect(error).toMatchObject({ name: 'AgentError', serviceCode: 'contract_failure' });
  },

  async 'returns the partial answer of an incomplete response, and the reason'(open) {
    await using it = await openBackground(open, background(reply(letters, { finishReason: 'length' })));
    const { id } = await it.start();

    const { status, updates } = await it.ended(id);

    expect(status).toBe('incomplete');
    expect(textOf(updates)).toBe(text);
    expect(lastKnown(updates, 'finishReason')).toBe('length');
  },

  async 'reports a response that the service does not know as expired, not as an error'(open) {
    await using it = await openBackground(open);

    const looked = await it.look('resp_of_nobody');

    expect(looked).toMatchObject({ id: 'resp_of_nobody', status: 'expired', updates: [], error: null });
    expect((await it.cancel('resp_of_nobody')).status).toBe('expired');
  },

  async 'reports a response that the service no longer has as expired'(open) {
    await using it = await openBackground(open, background(reply('A'), { looks: ['done', 'expired'] }));
    const { id } = await it.start();
    await it.look(id);

    expect(await it.look(id)).toMatchObject({ id, status: 'expired', updates: [], error: null });
  },

  async 'reports how long the service asks it to wait'(open) {
    const step = background(reply('A'), { looks: ['queued'], openHeaders: { 'retry-after': '2' } });
    await using it = await openBackground(open, step);

    const started = await it.start();
    const waiting = await it.look(started.id);
    const done = await it.look(started.id);

    expect([started.retryAfterMs, waiting.retryAfterMs, done.retryAfterMs]).toEqual([2000, 2000, null]);
  },

  async 'rejects with a code when the service refuses to start, or a poll fails'(open) {
    const step = background(reply('A'), { looks: [httpError(503)] });
    await using it = await openBackground(open, httpError(400), step);

    expect(await it.rig.failureOf(it.start())).toMatchObject({ name: 'AgentError', code: 'bad_request', status: 400 });
    const { id } = await it.start();
    expect(await it.rig.failureOf(it.look(id))).toMatchObject({ code: 'server_error', status: 503 });
    expect((await it.look(id)).status).toBe('completed');
  },

  async 'cancels a response that is open'(open) {
    const silent = reply('A', { chunkDelayMs: 1_000, firstChunkDelayMs: 1_000 });
    await using it = await openBackground(open, background(silent, { clock: new TestClock() }));
    const { id } = await it.start();

    const cancelled = await it.cancel(id);

    expect(cancelled).toMatchObject({ id, status: 'cancelled', error: null });
    expect((await it.look(id)).status).toBe('cancelled');
  },

  async 'reports the outcome of a response that ended before it was cancelled'(open) {
    await using it = await openBackground(open, background(reply(letters)));
    const { id } = await it.start();
    await it.ended(id);

    const { status, updates } = await it.cancel(id);

    expect(status).toBe('completed');
    expect(textOf(updates)).toBe(text);
  },
};
