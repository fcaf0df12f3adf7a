// What a run that passed a limit says: which limit, its value, and what to do.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Agent, dataContent, type Limits } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { call, finished, scriptedClient, silence, textsOf, wantsTools } from '../scripted-client.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each<[Limits, string]>([
  [{ totalMs: 70 }, 'The run took longer than 70 ms. Raise limits.totalMs or ask for less.'],
  [{ idleMs: 70 }, 'The model fell silent for 70 ms in the middle of its answer. Raise limits.idleMs or ask again.'],
  [{ maxBytes: 3 }, 'The answer passed 3 bytes. Raise limits.maxBytes or ask for less.'],
])('a run over %j says so, and what to do', async (limits, message) => {
  const client = scriptedClient(['A', 'BCD', silence]);
  const read = textsOf(new Agent({ client, limits }).runStreaming('Go')).catch((error: unknown) => error);

  await vi.advanceTimersByTimeAsync(71);

  expect(await read).toMatchObject({ message });
});

test('a model that says nothing is named as stuck', async () => {
  const client = scriptedClient([silence]);
  const limits = { firstUpdateMs: 70 };
  const read = textsOf(new Agent({ client, limits }).runStreaming('Go')).catch((error: unknown) => error);

  await vi.advanceTimersByTimeAsync(70);

  expect(await read).toMatchObject({
    message: 'Nothing arrived within 70 ms. The model is likely stuck: ask again, or raise limits.firstUpdateMs.',
  });
});

test('the longest delay of a timer is a valid limit, and one more is not', async () => {
  const longest = 2_147_483_647;

  const refused = (): Agent => new Agent({ client: scriptedClient(), limits: { totalMs: longest + 1 } });
  const response = await new Agent({ client: scriptedClient(['A', finished]), limits: { totalMs: longest } }).run('Go');

  expect(refused).toThrow('limits.totalMs is 2147483648; it must be between 1 and 2147483647.');
  expect(response.text).toBe('A');
});

test('arguments of calls count as bytes of the model, over all fragments', async () => {
  const fragments = [call('c1', 'look', '{"a"'), call('c1', 'look', ':1}'), wantsTools];

  const under = new Agent({ client: scriptedClient(fragments), limits: { maxBytes: 7 } }).run('Go');
  const over = new Agent({ client: scriptedClient(fragments), limits: { maxBytes: 6 } }).run('Go');

  await expect(over).rejects.toMatchObject({ code: 'max_bytes' });
  expect((await under).status).toBe('completed');
});

test('an image from the model does not count towards maxBytes', async () => {
  const image = dataContent(new Uint8Array(1_000), 'image/png');
  const client = scriptedClient([chatUpdate({ contents: [image], role: 'assistant' }), finished]);

  const { status } = await new Agent({ client, limits: { maxBytes: 1 } }).run('Draw');

  expect(status).toBe('completed');
});
