import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { AgentSession } from '../../src/index.ts';

const problem = (text: string): object =>
  expect.objectContaining({ code: 'session_invalid', message: expect.stringContaining(text) });

test('a state of objects without a prototype is copied', () => {
  const session = new AgentSession();
  session.state['bare'] = Object.assign(Object.create(null) as object, { a: 1 });

  expect(JSON.stringify(session.toJSON().state)).toBe('{"bare":{"a":1}}');
});

test('an object literal of another realm is stored and read', () => {
  const session = new AgentSession();
  session.state['foreign'] = runInNewContext('({ a: [{ b: 1 }] })');
  const stored: unknown = runInNewContext(`(${JSON.stringify(session)})`);

  expect(AgentSession.fromJSON(stored).state).toEqual({ foreign: { a: [{ b: 1 }] } });
});

test('every value of JSON is copied, and undefined members are left out', () => {
  const session = new AgentSession();
  Object.assign(session.state, { none: undefined, all: [null, true, false, 0, -1.5, '', {}, []] });

  const { state } = session.toJSON();

  expect(state['all']).toEqual([null, true, false, 0, -1.5, '', {}, []]);
  expect(Object.keys(state)).toEqual(['all']);
});

test.each([
  ['when', new Date(0), 'session.state.when is a class instance, which JSON cannot hold'],
  ['run', () => {}, 'session.state.run is a function, which JSON cannot hold'],
  ['id', 1n, 'session.state.id is a bigint, which JSON cannot hold'],
  ['list', [undefined], 'session.state.list[0] is undefined, which JSON cannot hold'],
  ['n', [[Number.NaN]], 'session.state.n[0][0] is NaN, which JSON cannot hold'],
  ['n', { m: Number.NEGATIVE_INFINITY }, 'session.state.n.m is -Infinity, which JSON cannot hold'],
])('what JSON cannot hold is refused with its place: %s', (key, value, what) => {
  const session = new AgentSession();
  session.state[key] = value;

  expect(() => session.toJSON()).toThrow(problem(what));
});

test('a member named __proto__ is copied as a member like any other', () => {
  const state: unknown = JSON.parse('{"inner":{"__proto__":{"a":1}}}');

  const session = AgentSession.fromJSON({
    type: 'agent_session',
    version: 1,
    sessionId: 's1',
    serviceSessionId: null,
    state,
  });

  expect(Object.getOwnPropertyDescriptor(session.state['inner'], '__proto__')).toEqual({
    value: { a: 1 },
    writable: true,
    enumerable: true,
    configurable: true,
  });
});

test('a state may be nested 64 levels deep and no deeper', () => {
  const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
  const [fits, tooDeep] = [new AgentSession(), new AgentSession()];
  fits.state['a'] = nested(64);
  tooDeep.state['a'] = nested(65);

  expect(JSON.stringify(fits.toJSON().state)).toBe(`{"a":${'['.repeat(64)}${']'.repeat(64)}}`);
  expect(() => tooDeep.toJSON()).toThrow(problem('is nested deeper than 64 levels'));
});

test('a state of more than a million values is refused', () => {
  const session = new AgentSession();
  // The state and the list are values too.
  session.state['a'] = Array.from({ length: 999_999 }, () => 0);

  expect(() => session.toJSON()).toThrow(problem('session.state holds more than 1000000 values'));
});
