// What a server that inspects tells of its turns, and whom it does not tell.

import { tool } from '@turnstream/core';
import { background, callTool, reply, stallAfter } from '@turnstream/testkit';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { agentServer } from '../../src/plugin.ts';
import { framesOf, memoryStore, openRig, TOKEN } from '../app-rig.ts';

const INSIDE = ['request', 'arguments', 'guard', 'stored', 'claim'];

test('a stream tells what the model was sent before the first word, and what was stored before its end', async () => {
  await using rig = await openRig({ inspect: true, steps: [reply('A language.'), reply('1991')] });
  const [session] = await framesOf(await rig.post('/chat/stream', { message: 'What is Python?' }));

  const { sessionId } = session!.data;
  const frames = await framesOf(await rig.post('/chat/stream', { message: 'How old?', sessionId }));

  expect(frames.map(({ event }) => event)).toEqual(['session', 'request', 'update', 'stored', 'done']);
  expect(frames[1]!.data).toEqual({
    stream: true,
    instructions: 'Be concise.',
    messages: [
      { role: 'user', kind: 'text', chars: 15, preview: 'What is Python?' },
      { role: 'assistant', kind: 'text', chars: 11, preview: 'A language.' },
      { role: 'user', kind: 'text', chars: 8, preview: 'How old?' },
    ],
    atMs: expect.any(Number),
  });
  expect(frames[3]!.data).toEqual({ messages: 2, atMs: expect.any(Number) });
  expect(frames.every(({ data }) => typeof data['atMs'] === 'number')).toBe(true);
});

const add = tool({
  name: 'add',
  description: 'Adds.',
  parameters: z.object({ to: z.string().optional() }),
  execute: () => 'three',
});

test('the second request of a turn shows the call and its result', async () => {
  await using rig = await openRig({
    inspect: true,
    agent: { tools: [add] },
    steps: [callTool('add', {}, { callId: 'call_1' }), reply('Three.')],
  });

  const frames = await framesOf(await rig.post('/chat/stream', { message: 'One and two?' }));

  const requests = frames.filter(({ event }) => event === 'request');
  expect(requests.map(({ data }) => data['messages'])).toEqual([
    [{ role: 'user', kind: 'text', chars: 12, preview: 'One and two?' }],
    [
      { role: 'user', kind: 'text', chars: 12, preview: 'One and two?' },
      { role: 'assistant', kind: 'function_call', chars: 6, preview: 'add {}', callId: 'call_1' },
      { role: 'tool', kind: 'function_result', chars: 5, preview: 'three', callId: 'call_1' },
    ],
  ]);
});

test('the arguments of a call come as the model writes them, before its request', async () => {
  const written = ['{"to":', '"Ada"}'];
  await using rig = await openRig({
    inspect: true,
    agent: { tools: [add] },
    steps: [callTool('add', written, { callId: 'call_1' }), reply('Three.')],
  });

  const frames = await framesOf(await rig.post('/chat/stream', { message: 'Add to Ada.' }));

  const growing = frames.filter(({ event }) => event === 'arguments');
  expect(growing.map(({ data }) => [data['callId'], data['name'], data['text']])).toEqual(
    written.map((text) => ['call_1', 'add', text]),
  );
  const events = frames.map(({ event }) => event);
  expect(events.lastIndexOf('arguments')).toBeLessThan(events.lastIndexOf('request'));
});

test('a session shows what is stored in it, calls and results too', async () => {
  await using rig = await openRig({
    inspect: true,
    agent: { tools: [add] },
    steps: [callTool('add', {}, { callId: 'call_1' }), reply('Three.')],
  });
  const { sessionId } = await (await rig.post('/chat', { message: 'One and two?' })).json();

  const session = await (await rig.get(`/sessions/${sessionId}`)).json();

  expect(session).toHaveProperty('inspection', [
    { turn: 0, role: 'user', kind: 'text', chars: 12, preview: 'One and two?' },
    { turn: 0, role: 'assistant', kind: 'function_call', chars: 6, preview: 'add {}', callId: 'call_1' },
    { turn: 0, role: 'tool', kind: 'function_result', chars: 5, preview: 'three', callId: 'call_1' },
    { turn: 0, role: 'assistant', kind: 'text', chars: 6, preview: 'Three.' },
  ]);
});

test('a guard says its name and when, and nothing was stored', async () => {
  await using rig = await openRig({
    inspect: true,
    guards: { idleMs: 50 },
    steps: [reply(['So ', 'on'], { fault: stallAfter({ chunks: 1 }) })],
  });

  const frames = await framesOf(await rig.post('/chat/stream', { message: 'Go on.' }));

  expect(frames.map(({ event }) => event)).toEqual(['session', 'request', 'update', 'guard', 'error']);
  expect(frames[3]!.data).toMatchObject({ name: 'idle_timeout', afterMs: expect.any(Number) });
  expect(frames[3]!.data['afterMs']).toBeGreaterThanOrEqual(50);
});

test('a whole answer carries the same', async () => {
  await using rig = await openRig({ inspect: true, steps: [reply('A language.')] });

  const answer = await (await rig.post('/chat', { message: 'What is Python?' })).json();

  expect(answer).toMatchObject({
    inspection: [
      { type: 'request', stream: false, messages: [{ preview: 'What is Python?' }] },
      { type: 'stored', messages: 2 },
    ],
  });
});

test('a background run carries it too, with the worker that took it', async () => {
  await using rig = await openRig({ inspect: true, steps: [background(reply('In time.'))] });
  const { runId } = await (await rig.post('/runs', { message: 'Take your time.' })).json();
  await framesOf(await rig.get(`/runs/${runId}/events`));

  const run = await (await rig.get(`/runs/${runId}`)).json();

  expect(run).toMatchObject({
    state: 'completed',
    inspection: [
      { type: 'claim', number: 1 },
      { type: 'request', messages: [{ preview: 'Take your time.' }] },
      { type: 'stored', messages: 2 },
    ],
  });
});

test('by default no route sends any of it', async () => {
  await using rig = await openRig({ steps: [reply('One.'), reply('Two.'), background(reply('Three.'))] });

  const frames = await framesOf(await rig.post('/chat/stream', { message: '1' }));
  const answer = await (await rig.post('/chat', { message: '2' })).json();
  const { runId } = await (await rig.post('/runs', { message: '3' })).json();
  const events = await framesOf(await rig.get(`/runs/${runId}/events`));
  const run = await (await rig.get(`/runs/${runId}`)).json();
  const session = await (await rig.get(`/sessions/${answer.sessionId}`)).json();

  expect([...frames, ...events].filter(({ event = '' }) => INSIDE.includes(event))).toEqual([]);
  expect(frames.some(({ data }) => 'atMs' in data)).toBe(false);
  expect(answer).not.toHaveProperty('inspection');
  expect(run).not.toHaveProperty('inspection');
  expect(session).not.toHaveProperty('inspection');
});

test('a server with a name of its own does not inspect', async () => {
  const opening = openRig({ inspect: true, hosts: ['127.0.0.1', 'agent.example.com'] });

  await expect(opening).rejects.toMatchObject({
    code: 'config_invalid',
    message:
      'inspect shows prompts, so it works on loopback only, and hosts names agent.example.com. Leave one of the two out.',
  });
});

test.for([
  ['127.0.0.1', 200],
  ['::1', 200],
  ['::ffff:127.0.0.1', 200],
  ['192.168.1.7', 403],
  ['::ffff:10.0.0.1', 403],
] as const)('a request from %s is answered with %s', async ([remoteAddress, expected]) => {
  await using rig = await openRig({ inspect: true });

  const { statusCode } = await rig.app.inject({
    url: '/sessions',
    remoteAddress,
    headers: { authorization: `Bearer ${TOKEN}`, host: 'localhost' },
  });

  expect(statusCode).toBe(expected);
});

test('beside a server that inspects, another one on the same Fastify does not', async () => {
  await using rig = await openRig();
  const options = { agent: { client: rig.client }, identity: { token: TOKEN } };
  await using app = Fastify();
  await app.register(agentServer, { ...options, store: memoryStore(), prefix: '/open', inspect: true });
  await app.register(agentServer, { ...options, store: memoryStore(), prefix: '/closed' });
  rig.model.add(reply('One.'), reply('Two.'));
  const ask = (url: string) =>
    app.inject({
      method: 'POST',
      url,
      payload: { message: '1' },
      headers: { authorization: `Bearer ${TOKEN}`, host: 'localhost' },
    });

  const open = await ask('/open/chat');
  const closed = await ask('/closed/chat');

  expect(open.json()).toHaveProperty('inspection');
  expect(closed.json()).not.toHaveProperty('inspection');
});
