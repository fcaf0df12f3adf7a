// How fast an answer is read: as fast as its reader takes it.
import { setImmediate } from 'node:timers/promises';
import { Agent, type ResponseStream } from '@turnstream/core';
import { chatUpdate } from '@turnstream/core/seams';
import { expect, test } from 'vitest';
import { eachUpdate } from '../../src/sse/each-update.ts';

function counting(): { readonly stream: ResponseStream<unknown>; readonly sent: readonly string[] } {
  const sent: string[] = [];
  async function* send() {
    for (const text of ['One ', 'two ', 'three']) {
      sent.push(text);
      yield chatUpdate({ contents: [{ type: 'text', text }] });
    }
    yield chatUpdate({ finishReason: 'stop' });
  }
  return { stream: new Agent({ client: { send } }).runStreaming('Count'), sent };
}

test('the model is asked for the next update when there is room for it', async () => {
  const { stream, sent } = counting();
  const room = Promise.withResolvers<void>();
  const taken: string[] = [];

  const reading = eachUpdate(stream, ({ text }) => {
    taken.push(text);
    return taken.length === 1 ? room.promise : undefined;
  });
  await setImmediate();
  const before = [[...sent], [...taken]];
  room.resolve();
  await reading;

  expect(before).toEqual([['One '], ['One ']]);
  expect(taken.join('')).toBe('One two three');
});

test('a reader that is too slow ends the reading, and the answer', async () => {
  const { stream, sent } = counting();
  const tooSlow = new Error('too slow');

  const reading = eachUpdate(stream, () => Promise.reject(tooSlow));

  await expect(reading).rejects.toBe(tooSlow);
  expect(await stream.finalResponse()).toMatchObject({ status: 'cancelled', text: 'One ' });
  expect(sent).toEqual(['One ']);
});
