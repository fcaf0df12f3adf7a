import { expect, test } from 'vitest';
import * as z from 'zod';
import { Agent, type ChatClient, tool } from '../../src/index.ts';
import type { ChatUpdate } from '../../src/seams.ts';
import { call, finished, textsOf, text as update, wantsTools } from '../scripted-client.ts';

interface ReadyClient extends ChatClient {
  /** How often the next update was asked for with a promise. */
  pulls: number;
  closed: number;
}

/** A model whose updates of one call are all here after the first pull. An Error is thrown when it is taken. */
function readyClient(...calls: readonly (readonly (ChatUpdate | Error)[])[]): ReadyClient {
  let opened = 0;
  const open = () => {
    const steps = [...(calls[opened++] ?? [])];
    let begun = false;
    const take = (): ChatUpdate | null => {
      const step = steps.shift();
      if (step instanceof Error) throw step;
      return step === undefined ? null : { ...step };
    };
    return {
      takeReady: () => (begun ? take() : null),
      next: async () => {
        client.pulls += 1;
        begun = true;
        const value = take();
        return value === null ? { done: true as const, value: undefined } : { done: false as const, value };
      },
      return: async () => {
        client.closed += 1;
        return { done: true as const, value: undefined };
      },
    };
  };
  const client: ReadyClient = { pulls: 0, closed: 0, send: () => ({ [Symbol.asyncIterator]: open }) };
  return client;
}

test('updates that are here are delivered without a pull of the client', async () => {
  const client = readyClient([update('A'), update('B'), update('C'), finished]);
  const stream = new Agent({ client, name: 'guide' }).runStreaming('Go');
  const seen: (string | null)[] = [];

  for await (const { text, authorName } of stream) seen.push(text, authorName);

  expect(seen).toEqual(['A', 'guide', 'B', 'guide', 'C', 'guide', '', 'guide']);
  expect((await stream.finalResponse()).text).toBe('ABC');
  expect(client.pulls).toBe(2);
});

test('a reader takes the updates that are here without a pull of its own', async () => {
  const client = readyClient([update('A'), update('B'), update('C'), finished]);
  const updates = new Agent({ client }).runStreaming('Go')[Symbol.asyncIterator]();

  const before = updates.takeReady?.();
  const first = await updates.next();
  const ready = [updates.takeReady?.(), updates.takeReady?.()];
  await updates.return?.();

  expect(before).toBeNull();
  expect(first.value?.text).toBe('A');
  expect(ready.map((each) => each?.text)).toEqual(['B', 'C']);
  expect(updates.takeReady?.()).toBeNull();
  expect(client.pulls).toBe(1);
});

test('what finalResponse() has read is taken in its order', async () => {
  const client = readyClient([update('A'), update('B'), finished]);
  const stream = new Agent({ client }).runStreaming('Go');
  const updates = stream[Symbol.asyncIterator]();
  await stream.finalResponse();

  const taken = [updates.takeReady?.(), updates.takeReady?.(), updates.takeReady?.(), updates.takeReady?.()];

  expect(taken.map((each) => each?.text)).toEqual(['A', 'B', '', undefined]);
});

test('an update that is here and breaks a limit ends the run and closes the connection', async () => {
  const client = readyClient([update('AB'), update('CD'), update('E'), finished]);
  const stream = new Agent({ client, limits: { maxBytes: 3 } }).runStreaming('Go');

  const outcome = textsOf(stream);

  await expect(outcome).rejects.toMatchObject({ code: 'max_bytes', partial: { text: 'AB' } });
  expect(client.closed).toBe(1);
});

test('an abort between two updates that are here is heard before the second', async () => {
  const client = readyClient([update('A'), update('B'), finished]);
  const caller = new AbortController();
  const updates = new Agent({ client }).runStreaming('Go', { signal: caller.signal })[Symbol.asyncIterator]();
  await updates.next();

  caller.abort('enough');

  await expect(updates.next()).rejects.toBe('enough');
  expect(client.closed).toBe(1);
});

test('what taking an update throws ends the run as a pull would', async () => {
  const broken = new Error('broken');
  const client = readyClient([update('A'), broken]);

  const outcome = new Agent({ client }).run('Go');

  await expect(outcome).rejects.toBe(broken);
  expect(client.closed).toBe(1);
});

test('pulls that wait get the updates that are here in their order', async () => {
  const client = readyClient([update('A'), update('B'), update('C'), finished]);
  const updates = new Agent({ client }).runStreaming('Go')[Symbol.asyncIterator]();

  const pulls = await Promise.all([updates.next(), updates.next(), updates.next()]);

  expect(pulls.map(({ value }) => value?.text)).toEqual(['A', 'B', 'C']);
});

test('the tool loop takes what is here: calls run, and the last answer goes without them', async () => {
  const ran: string[] = [];
  const look = tool({
    name: 'look',
    description: 'Looks.',
    parameters: z.object({}),
    execute: () => void ran.push('look'),
  });
  const asks = [update('One. '), call('c1', 'look', '{}'), wantsTools];
  const client = readyClient(asks, [update('Two.'), call('c2', 'look', '{}'), finished]);

  const answer = await new Agent({ client, tools: [look], limits: { maxToolRounds: 1 } }).run('Go');

  expect(answer.text).toBe('One. Two.');
  expect(ran).toEqual(['look']);
  expect(client.pulls).toBe(4);
});
