// What is stored is read again; what is not exactly that is refused, by the name of what is wrong and without its value.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseToken } from '../../src/background/token.ts';
import { Agent, AgentError, AgentSession, type BackgroundToken, type Message, type Usage } from '../../src/index.ts';
import { parseTurn, type SessionRows, StoredSessions } from '../../src/seams.ts';
import { finished, scriptedClient } from '../scripted-client.ts';

type Json = Record<string, unknown>;
type Fits = (value: unknown) => boolean;

const SECRET = 'sk-secret';
const JUNK: readonly unknown[] = [
  undefined,
  null,
  true,
  '',
  SECRET,
  -7,
  0.5,
  7,
  1e300,
  [],
  [SECRET],
  {},
  { x: SECRET },
  [[SECRET]],
];

const isId: Fits = (value) => typeof value === 'string' && value !== '';
const isText: Fits = (value) => typeof value === 'string';
const isCount: Fits = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isTime: Fits = (value) => typeof value === 'number' && value >= 0;
const isEmptyList: Fits = (value) => Array.isArray(value) && value.length === 0;
const isObject: Fits = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const orNull =
  (fits: Fits): Fits =>
  (value) =>
    value === null || fits(value);
const orMissing =
  (fits: Fits): Fits =>
  (value) =>
    value === undefined || fits(value);
const only =
  (...values: readonly unknown[]): Fits =>
  (value) =>
    values.includes(value);

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
/** Members of every name, that of the prototype among them. */
const state = fc
  .array(fc.tuple(fc.oneof(fc.constant('__proto__'), fc.string()), fc.jsonValue({ maxDepth: 5 })))
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

const storedToken = {
  type: 'background_run',
  version: 1,
  runId: 'r',
  responseId: 'resp_1',
  sequenceNumber: 3,
  question: [],
  rounds: [],
  usage: null,
  stream: true,
  sessionId: 's',
  serviceSessionId: null,
};
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

/** How each of these is refused. */
async function refusals(read: (value: unknown) => unknown, values: readonly unknown[]): Promise<readonly AgentError[]> {
  const outcomes = await Promise.allSettled(values.map(async (value) => read(value)));
  return outcomes.map((outcome, index) => {
    if (outcome.status === 'rejected' && outcome.reason instanceof AgentError) return outcome.reason;
    throw new Error(`${JSON.stringify(values[index])} was not refused.`, { cause: outcome });
  });
}

/** The object once for every value that does not fit the member. */
function misfits(whole: Json, name: string, fits: Fits): readonly Json[] {
  return JUNK.filter((value) => !fits(value)).map((value) => ({ ...whole, [name]: value }));
}

function expectAll(errors: readonly AgentError[], code: string, place: string): void {
  expect(errors.map((error) => error.code)).toEqual(errors.map(() => code));
  expect(errors.filter(({ message }) => !message.includes(place))).toEqual([]);
  expect(errors.filter(({ message }) => message.includes(SECRET))).toEqual([]);
}

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
  ['role', only('user', 'assistant', 'system', 'tool')],
  ['contents', (value) => isText(value) || isEmptyList(value)],
  ['authorName', orMissing(isText)],
  ['messageId', orMissing(isText)],
  ['phase', orMissing(isText)],
  ['status', only(undefined, 'cancelled', 'failed', 'incomplete')],
  ['runId', orMissing(isId)],
] as const satisfies readonly (readonly [string, Fits])[])(
  'a message with a wrong %s is refused at its place in the turn',
  async (name, fits) => {
    const wrong = misfits({ role: 'user', contents: '' }, name, fits).map((message) => [message]);

    const errors = await refusals((stored) => parseTurn(stored, 'Turn 3'), wrong);

    expectAll(errors, 'history_corrupt', `Turn 3: "[0].${name}`);
  },
);

/** What some type of content must have. */
const everyMember = {
  text: '',
  uri: '',
  mediaType: '',
  fileId: '',
  name: '',
  opaque: {},
  callId: '',
  arguments: '',
  result: '',
  approved: true,
};

test.each([
  ['text', { text: isText, annotations: orMissing(isEmptyList), opaque: orMissing(isObject) }],
  [
    'text_reasoning',
    {
      text: isText,
      id: orMissing(isText),
      part: orMissing(isCount),
      encrypted: orMissing(isText),
      opaque: orMissing(isObject),
    },
  ],
  ['refusal', { text: isText }],
  ['uri', { uri: isText, mediaType: isText, opaque: orMissing(isObject) }],
  ['data', { uri: isText, mediaType: isText, name: orMissing(isText), opaque: orMissing(isObject) }],
  [
    'hosted_file',
    { fileId: isText, mediaType: orMissing(isText), name: orMissing(isText), opaque: orMissing(isObject) },
  ],
  ['service_item', { name: isText, id: orMissing(isText), opaque: isObject }],
  ['function_call', { callId: isText, name: isText, arguments: isText, opaque: orMissing(isObject) }],
  ['function_result', { callId: isText, result: isText, items: orMissing(isEmptyList), error: orMissing(isText) }],
  ['approval_request', { callId: isText, name: isText, arguments: isText }],
  ['approval_response', { callId: isText, arguments: isText, approved: only(true, false) }],
  ['x-newer', { type: isText }],
] as const)('a content of type %s with a wrong member is refused at its place', async (type, members) => {
  const whole = { ...everyMember, type };

  for (const [name, fits] of Object.entries<Fits>(members)) {
    const wrong = misfits(whole, name, fits).map((content) => [{ role: 'user', contents: [content] }]);

    const errors = await refusals((stored) => parseTurn(stored, 'Turn 3'), wrong);

    expectAll(errors, 'history_corrupt', `Turn 3: "[0].contents[0].${name}`);
  }
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
