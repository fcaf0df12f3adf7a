// Sessions, session records and tokens that are not exactly what we write are refused, without their values in the message.
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { parseToken } from '../../src/background/token.ts';
import { AgentSession } from '../../src/index.ts';
import { type SessionRows, StoredSessions } from '../../src/seams.ts';
import {
  expectAll,
  type Fits,
  isCount,
  isEmptyList,
  isId,
  isObject,
  isTime,
  misfits,
  only,
  orMissing,
  orNull,
  refusals,
  SECRET,
  storedToken,
} from './misfits.ts';

const session = { type: 'agent_session', version: 1, sessionId: 's', serviceSessionId: null, state: {} };
const record = { format: 1, version: 1, savedAtMs: 5, expiresAtMs: null, session };

function openRecord(stored: unknown): Promise<unknown> {
  const text = JSON.stringify(stored);
  const rows: Partial<SessionRows> = { read: async () => text };
  return new StoredSessions(rows as SessionRows).open('s', { owner: 'ann' });
}

/** A format of ours: one that is whole, its reader, and what fits each of its members. */
const FORMATS = [
  {
    name: 'session',
    code: 'session_invalid',
    whole: session,
    read: AgentSession.fromJSON,
    members: {
      type: only('agent_session'),
      version: only(1),
      sessionId: isId,
      serviceSessionId: orNull(isId),
      state: isObject,
    },
  },
  {
    name: 'session record',
    code: 'session_invalid',
    whole: record,
    read: openRecord,
    members: {
      format: only(1),
      version: (value: unknown) => isCount(value) && value !== 0,
      savedAtMs: isTime,
      expiresAtMs: orNull(isTime),
      session: only(),
    },
  },
  {
    name: 'token',
    code: 'token_invalid',
    whole: storedToken,
    read: parseToken,
    members: {
      type: only('background_run'),
      version: only(1),
      runId: isId,
      responseId: isId,
      sequenceNumber: orNull(isCount),
      question: isEmptyList,
      rounds: isEmptyList,
      usage: only(null),
      stream: only(true, false),
      sessionId: orNull(isId),
      serviceSessionId: orNull(isId),
    },
  },
] as const;

describe.each(FORMATS)('a stored $name', ({ code, whole, read, members }) => {
  test.each(Object.entries<Fits>(members))('with a wrong %s is refused by that name', async (name, fits) => {
    const errors = await refusals(read, misfits(whole, name, fits));

    expectAll(errors, code, `"${name}`);
  });

  test('with one more member is refused by its name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constant('__proto__'), fc.string({ maxLength: 100 })), async (name) => {
        fc.pre(!(name in members) || name === '__proto__');
        const more: unknown = Object.fromEntries([...Object.entries(whole), [name, SECRET]]);

        const errors = await refusals(read, [more]);

        expectAll(errors, code, `the unknown member ${JSON.stringify(name)}`);
      }),
    );
  });
});

test.each([
  ['inputTokens', isCount],
  ['outputTokens', isCount],
  ['totalTokens', isCount],
  ['cachedInputTokens', orMissing(isCount)],
  ['reasoningTokens', orMissing(isCount)],
  ['cost', only(undefined)],
] as const)('a token with wrong %s in its usage is refused by that name', async (name, fits) => {
  const whole = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
  const wrong = misfits(whole, name, fits).map((usage) => ({ ...storedToken, usage }));

  const errors = await refusals(parseToken, wrong);

  expectAll(errors, 'token_invalid', name);
});
