// What is stored is read again as it was written, by this version and by an earlier one.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSafeKey } from '../../../../scripts/safe-key.ts';
import { parseToken } from '../../src/background/token.ts';
import { Agent, AgentSession, type BackgroundToken, type Message, type Usage } from '../../src/index.ts';
import { parseTurn } from '../../src/seams.ts';
import { finished, scriptedClient } from '../scripted-client.ts';
import type { Json } from './misfits.ts';

const usageArbitrary: fc.Arbitrary<Usage> = fc.record(
  {
    inputTokens: fc.nat(),
    outputTokens: fc.nat(),
    totalTokens: fc.nat(),
    cachedInputTokens: fc.nat(),
    reasoningTokens: fc.nat(),
  },
  { requiredKeys: ['inputTokens', 'outputTokens', 'totalTokens'] },
);
const id = fc.string({ minLength: 1 });
const turn: fc.Arbitrary<readonly Message[]> = fc.array(
  fc.record(
    {
      role: fc.constantFrom('user', 'assistant', 'system', 'tool'),
      contents: fc.oneof(fc.string(), fc.array(fc.record({ type: fc.constant('text' as const), text: fc.string() }))),
      authorName: fc.string(),
      messageId: fc.string(),
      status: fc.constantFrom('cancelled', 'failed', 'incomplete'),
      runId: id,
    },
    { requiredKeys: ['role', 'contents'] },
  ),
);
const token: fc.Arbitrary<BackgroundToken> = fc.record({
  type: fc.constant('background_run'),
  version: fc.constant(1),
  runId: id,
  responseId: id,
  sequenceNumber: fc.option(fc.nat()),
  question: turn,
  rounds: turn,
  usage: fc.option(usageArbitrary),
  stream: fc.boolean(),
  sessionId: fc.option(id),
  serviceSessionId: fc.option(id),
});
const safeKey = fc.string().filter(isSafeKey);
/** Members of every name, that of the prototype among them. */
const state = fc
  .array(fc.tuple(fc.oneof(fc.constant('__proto__'), safeKey), fc.jsonValue({ maxDepth: 5 })))
  .map((members): Json => Object.fromEntries(members));

function throughText<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

test('a token is read as it was written', () => {
  fc.assert(
    fc.property(token, (written) => {
      expect(parseToken(throughText(written))).toEqual(throughText(written));
    }),
  );
});

test('a turn is read as it was written, with members and contents of a newer version', () => {
  fc.assert(
    fc.property(turn, state, fc.string(), (written, more, type) => {
      const newer = { role: 'user', contents: [{ ...more, type: `x-${type}` }], more };
      const stored = throughText([...written, newer]);

      expect(parseTurn(stored, 'here')).toEqual(stored);
    }),
  );
});

test('a session is read as it was written, whatever the names in its state, and can be written again', () => {
  fc.assert(
    fc.property(id, fc.option(id), state, (sessionId, serviceSessionId, written) => {
      const session = new AgentSession({ sessionId, ...(serviceSessionId === null ? {} : { serviceSessionId }) });
      Object.defineProperties(session.state, Object.getOwnPropertyDescriptors(written));
      const stored = JSON.stringify(session);

      const read = AgentSession.fromJSON(JSON.parse(stored));

      expect(JSON.stringify(read)).toBe(stored);
      expect(Object.getPrototypeOf(read.state)).toBe(Object.prototype);
    }),
  );
});

/** What the first published version wrote of a run with tools and of a turn that was cancelled. */
function writtenBefore(name: 'session' | 'token'): unknown {
  return JSON.parse(readFileSync(new URL(`written-by-0.1/${name}.json`, import.meta.url), 'utf8'));
}

test('a session that an earlier version wrote goes on, and is written as it was', async () => {
  const stored = writtenBefore('session');
  const client = scriptedClient(['Yes.', finished]);
  const session = AgentSession.fromJSON(stored);
  const before = JSON.stringify(session);

  await new Agent({ client }).run('And now?', { session });

  expect(before).toBe(JSON.stringify(stored));
  expect(client.requests[0]?.messages).toHaveLength(7);
});

test('a token that an earlier version wrote is read', () => {
  const stored = writtenBefore('token');

  expect(parseToken(stored)).toEqual(stored);
});
