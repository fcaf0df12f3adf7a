// What the client takes for an event of the server, of this version or of a newer one.
import { AgentError } from '@turnstream/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEvent } from '../../src/client/parse-event.ts';
import type { ServerEvent } from '../../src/events/wire.ts';

const SECRET = 'sk-secret';
const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3, cachedInputTokens: 1 };

const events: fc.Arbitrary<ServerEvent> = fc.oneof(
  fc.record({
    type: fc.constant('session' as const),
    sessionId: fc.option(fc.string({ minLength: 1 })),
    runId: fc.option(fc.string({ minLength: 1 })),
    mode: fc.constantFrom('append' as const, 'replace' as const),
  }),
  fc.record({ type: fc.constant('update' as const), text: fc.string() }),
  fc.record({
    type: fc.constant('tool' as const),
    callId: fc.string(),
    name: fc.string(),
    status: fc.constantFrom('called' as const, 'done' as const, 'failed' as const),
  }),
  fc.record({
    type: fc.constant('approval' as const),
    callId: fc.string(),
    name: fc.string(),
    arguments: fc.string(),
    expiresAtMs: fc.option(fc.nat()),
  }),
  fc.record({
    type: fc.constant('done' as const),
    status: fc.constantFrom(
      'completed' as const,
      'incomplete' as const,
      'cancelled' as const,
      'awaiting_approval' as const,
    ),
    finishReason: fc.option(fc.string()),
    usage: fc.option(fc.constant(usage)),
  }),
  fc.record({
    type: fc.constant('error' as const),
    code: fc.constantFrom('overloaded' as const, 'server_error' as const),
    message: fc.string(),
    retryable: fc.boolean(),
    retryAfterMs: fc.option(fc.nat()),
  }),
);

test('an event is read as it was written, and what a newer server adds is passed over', () => {
  fc.assert(
    fc.property(events, fc.jsonValue(), (event, added) => {
      const { type, ...payload } = event;
      const text = JSON.stringify({ ...payload, added });

      expect(parseEvent(type, text)).toEqual(JSON.parse(JSON.stringify(event)));
    }),
  );
});

test('what a server may not know can be left out', () => {
  const read = [
    parseEvent('session', '{"mode":"append"}'),
    parseEvent('approval', '{"callId":"c","name":"pay","arguments":"{}"}'),
    parseEvent('done', '{"status":"completed"}'),
    parseEvent('error', '{"code":"overloaded","message":"x"}'),
  ];

  expect(read).toEqual([
    { type: 'session', sessionId: null, runId: null, mode: 'append' },
    { type: 'approval', callId: 'c', name: 'pay', arguments: '{}', expiresAtMs: null },
    { type: 'done', status: 'completed', finishReason: null, usage: null },
    { type: 'error', code: 'overloaded', message: 'x', retryable: true, retryAfterMs: null },
  ]);
});

const whole: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  session: { sessionId: 's', runId: 'r', mode: 'append' },
  update: { text: 'Hi' },
  tool: { callId: 'c', name: 'weather', status: 'done' },
  approval: { callId: 'c', name: 'pay', arguments: '{}', expiresAtMs: 7 },
  done: { status: 'completed', finishReason: 'stop', usage },
  error: { code: 'overloaded', message: 'x', retryable: true, retryAfterMs: 7 },
};
const junk = [true, '', SECRET, -7, [SECRET], { x: SECRET }];

test.each([
  ['session', 'sessionId', [true, '', -7, [SECRET], { x: SECRET }]],
  ['session', 'runId', [true, '', -7, [SECRET], { x: SECRET }]],
  ['session', 'mode', [undefined, null, ...junk]],
  ['update', 'text', [undefined, null, true, -7, [SECRET]]],
  ['tool', 'callId', [undefined, null, true, -7, [SECRET]]],
  ['tool', 'name', [undefined, null, true, -7, [SECRET]]],
  ['tool', 'status', [undefined, null, ...junk]],
  ['approval', 'callId', [undefined, null, true, -7, [SECRET]]],
  ['approval', 'name', [undefined, null, true, -7, [SECRET]]],
  ['approval', 'arguments', [undefined, null, true, -7, [SECRET], { x: SECRET }]],
  ['approval', 'expiresAtMs', junk],
  ['done', 'status', [undefined, null, ...junk]],
  ['done', 'finishReason', [true, -7, [SECRET]]],
  ['done', 'usage', [...junk, {}, { ...usage, inputTokens: -1 }, { ...usage, totalTokens: 0.5 }]],
  ['error', 'code', [undefined, null, true, -7, [SECRET]]],
  ['error', 'message', [undefined, null, true, -7, [SECRET]]],
  ['error', 'retryable', [null, '', SECRET, -7]],
  ['error', 'retryAfterMs', junk],
] as const)('an event "%s" with a wrong %s is refused by that name and not by its value', (type, member, values) => {
  for (const value of values) {
    const parse = (): unknown => parseEvent(type, JSON.stringify({ ...whole[type], [member]: value }));

    expect(parse).toThrow(AgentError);
    expect(parse).toThrow(`The server sent an event "${type}" that cannot be read: "${member}`);
    expect(parse).not.toThrow(SECRET);
  }
});
