// Responses that call a tool while their events break or are unavailable: it runs once and is reported once.
import { tool } from '@turnstream/core';
import { answer, background, callTool, reply, type Step, serveModel, truncateAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { onlyLooks, pausesOf } from './looks.ts';
import { ask, deliver, eventsOf, joined, openStore, posts } from './rig.ts';

function counted() {
  const ran: string[] = [];
  const getWeather = tool({
    name: 'get_weather',
    description: 'Looks up the weather.',
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => {
      ran.push(city);
      return 'Snow';
    },
  });
  return { ran, with: { tools: [getWeather] } };
}

const call = callTool('get_weather', ['{"city":', '"Oslo"}'], { callId: 'call_1' });
const called = { type: 'tool', callId: 'call_1', name: 'get_weather', status: 'called' };

/** The text around a call is part of the answer too. */
const callInText = (streams: Parameters<typeof background>[1] = {}): Step[] => [
  background(answer([reply('Let me look. '), call, reply('One moment. ')]), { looks: [], ...streams }),
  background(reply(['Snow ', 'in Oslo.']), { looks: ['in_progress'] }),
];
const whole = 'Let me look. One moment. Snow in Oslo.';

test.each(Array.from({ length: 22 }, (_, index) => index + 1))(
  'cut after event %i of a response that calls a tool, it runs once and is sent once',
  async (frames) => {
    await using model = await serveModel(...callInText({ streams: [truncateAfter({ frames })] }));
    const store = openStore();
    const run = await ask(store, 'Weather?');
    const { ran, ...members } = counted();
    pausesOf(store);

    await deliver(store, model, run, members);

    const events = await eventsOf(store, run);
    expect(ran).toEqual(['Oslo']);
    expect(events.filter(({ type }) => type === 'tool')).toEqual([called, { ...called, status: 'done' }]);
    expect(joined(events)).toBe(whole);
    expect(events.filter(({ type }) => type === 'session')).toHaveLength(1);
    expect(posts(model)).toBe(2);
  },
);

test('without a stream the tools are reported too, and the next response is kept before anything else', async () => {
  await using model = await serveModel(...callInText({ streams: onlyLooks, looks: ['in_progress'] }));
  const store = openStore();
  const run = await ask(store, 'Weather?');
  const { ran, ...members } = counted();
  pausesOf(store);
  const tokens: unknown[] = [];
  const record = store.runs.record.bind(store.runs);
  store.runs.record = (claim, events, token) => {
    tokens.push([token.responseId, events.map(({ type }) => type), model.requests.at(-1)?.method]);
    return record(claim, events, token);
  };

  await deliver(store, model, run, members);

  expect(ran).toEqual(['Oslo']);
  expect(tokens.slice(0, 2)).toEqual([
    ['resp_1', [], 'POST'],
    ['resp_2', ['tool', 'tool', 'update'], 'POST'],
  ]);
  expect(joined(await eventsOf(store, run))).toBe(whole);
});
