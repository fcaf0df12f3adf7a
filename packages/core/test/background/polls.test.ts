// How a run is waited for: pauses, deadlines, and polls that fail.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Agent, AgentError } from '../../src/index.ts';
import { scriptedBackground } from '../scripted-background.ts';
import { passTime, report } from './report.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('wait polls with growing pauses of at least 250 ms until the end', async () => {
  const looks = [...Array(6).fill('in_progress'), 'completed'] as const;
  const client = scriptedBackground({ looks, answer: report });
  const run = await new Agent({ client }).runInBackground('Go');
  const started = Date.now();
  const times: number[] = [];
  const { get } = client.background!;
  client.background!.get = (...all) => (times.push(Date.now() - started), get(...all));

  await passTime(run.wait({ pollMs: 1 }));

  const pauses = times.map((time, index) => time - (times[index - 1] ?? 0)).slice(1);
  expect(times).toHaveLength(6);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(249);
  expect(pauses.at(-1)).toBeGreaterThan(pauses[0]!);
  expect(vi.getTimerCount()).toBe(0);
});

test('wait honours what the service asks between looks', async () => {
  const client = scriptedBackground({ looks: ['queued', 'queued', 'completed'], answer: report });
  const { get } = client.background!;
  client.background!.get = async (...all) => ({ ...(await get(...all)), retryAfterMs: 30_000 });
  const run = await new Agent({ client }).runInBackground('Go');
  const waiting = run.wait({ pollMs: 250 });

  await vi.advanceTimersByTimeAsync(29_999);
  const looksBefore = client.log.length;
  await vi.advanceTimersByTimeAsync(6_001);

  expect(looksBefore).toBe(2);
  expect((await waiting).text).toBe('A long report.');
});

test('poll() reports the wait that the service asks for, and a hanging poll can be aborted', async () => {
  const client = scriptedBackground({ looks: ['queued'] });
  const { get } = client.background!;
  client.background!.get = async (...all) => ({ ...(await get(...all)), retryAfterMs: 30_000 });
  const run = await new Agent({ client }).runInBackground('Go');
  const asked = [run.retryAfterMs];
  await run.poll();
  asked.push(run.retryAfterMs);
  client.background!.get = () => Promise.withResolvers<never>().promise;
  const stop = new AbortController();

  const waiting = run.poll({ signal: stop.signal });
  stop.abort(new Error('enough'));

  await expect(waiting).rejects.toThrow('enough');
  expect(asked).toEqual([null, 30_000]);
});

test('a wait that the service asks for and no timer holds does not become no wait', async () => {
  const client = scriptedBackground({ looks: ['queued'] });
  const { get } = client.background!;
  client.background!.get = async (...all) => ({ ...(await get(...all)), retryAfterMs: 1e13 });
  const run = await new Agent({ client }).runInBackground('Go');
  const stop = new AbortController();
  const waiting = run.wait({ signal: stop.signal });

  await vi.advanceTimersByTimeAsync(60_000);
  stop.abort(new Error('enough'));

  await expect(waiting).rejects.toThrow('enough');
  expect(client.log).toEqual(['start resp_1', 'get resp_1']);
});

test('wait gives up at its deadline also while a look hangs', async () => {
  const client = scriptedBackground({ looks: ['queued'] });
  const run = await new Agent({ client }).runInBackground('Go');
  client.background!.get = () => Promise.withResolvers<never>().promise;

  const waiting = passTime(run.wait({ timeoutMs: 5_000 }));

  await expect(waiting).rejects.toMatchObject({ code: 'background_timeout' });
  expect(vi.getTimerCount()).toBe(0);
});

test('wait gives up at its deadline while the run goes on', async () => {
  const client = scriptedBackground({ looks: ['in_progress'] });
  const run = await new Agent({ client }).runInBackground('Go');

  const waiting = passTime(run.wait({ timeoutMs: 5_000 }));

  await expect(waiting).rejects.toMatchObject({
    code: 'background_timeout',
    message: expect.stringContaining('in_progress'),
  });
  expect(client.log).not.toContain('cancel resp_1');
});

test("wait ends with its signal's reason while the run goes on", async () => {
  const client = scriptedBackground({ looks: ['in_progress'] });
  const run = await new Agent({ client }).runInBackground('Go');
  const stop = new AbortController();
  const waiting = run.wait({ signal: stop.signal });
  await vi.advanceTimersByTimeAsync(10);
  const reason = new Error('enough');

  stop.abort(reason);

  await expect(waiting).rejects.toBe(reason);
  expect(client.log).not.toContain('cancel resp_1');
  expect(vi.getTimerCount()).toBe(0);
});

test.each(['connection_failed', 'rate_limited', 'server_error', 'stream_truncated'] as const)(
  'a poll that fails with %s is made again; five in a row are the error',
  async (code) => {
    const blip = new AgentError(code, 'blip');
    const once = scriptedBackground({ looks: ['queued', blip, 'completed'], answer: report });
    const always = scriptedBackground({ looks: ['queued', blip] });

    const first = await passTime((await new Agent({ client: once }).runInBackground('Go')).wait());
    const second = passTime((await new Agent({ client: always }).runInBackground('Go')).wait());

    expect(first.text).toBe('A long report.');
    await expect(second).rejects.toBe(blip);
    expect(always.log).toHaveLength(6);
  },
);

test('a poll that fails for good is not made again', async () => {
  const refused = new AgentError('auth', 'no');
  const client = scriptedBackground({ looks: ['queued', refused, 'completed'], answer: report });
  const run = await new Agent({ client }).runInBackground('Go');

  const waiting = passTime(run.wait());

  await expect(waiting).rejects.toBe(refused);
  expect(client.log).toEqual(['start resp_1', 'get resp_1']);
});

test('a first pause of more than ten seconds is kept, and does not grow', async () => {
  const client = scriptedBackground({ looks: [...Array(4).fill('in_progress'), 'completed'], answer: report });
  const run = await new Agent({ client }).runInBackground('Go');
  const pauses: number[] = [];

  await run.follow({ pollMs: 60_000, news: async (timeoutMs) => void pauses.push(timeoutMs) });

  expect(pauses).toHaveLength(3);
  for (const pause of pauses) expect(pause).toSatisfy((ms: number) => ms >= 60_000 && ms <= 72_000);
});

test('updates pass over a poll that was cut off after the stream had ended', async () => {
  const cut = new AgentError('stream_truncated', 'cut');
  const client = scriptedBackground({ looks: ['queued', cut, 'completed'], answer: report });
  const run = await new Agent({ client }).runInBackground('Write', { stream: true });

  const updates = await passTime(Array.fromAsync(run.updates()));

  expect(updates.map((update) => update.text)).toEqual(['A long ', 'report.', '']);
  expect(client.log).toEqual(['start resp_1', 'stream resp_1 after null', 'get resp_1', 'get resp_1']);
});
