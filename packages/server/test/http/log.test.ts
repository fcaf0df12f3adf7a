// What a log line contains of a request and of an error.
import { AgentError } from '@turnstream/core';
import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { quietSerializers } from '../../src/http/log.ts';

const request = (url: string | undefined, headers: Record<string, string>): FastifyRequest =>
  ({ method: 'POST', routeOptions: { url }, headers }) as unknown as FastifyRequest;

test.each([
  ['/chat', { 'content-length': '12', authorization: 'Bearer secret' }, { route: '/chat', bytes: 12 }],
  [undefined, {}, { route: 'unknown', bytes: 0 }],
])('a request for %s is logged as its method, route and size', (url, headers, expected) => {
  expect(quietSerializers.req(request(url, headers))).toEqual({ method: 'POST', ...expected });
});

test('an AgentError is logged with code and message, any other with its type alone; both with stack and causes', () => {
  const ours = new AgentError('overloaded', 'Too much.');
  const other = Object.assign(new TypeError('a secret'), {
    stack: 'TypeError: a secret\nof two lines\n    at one (file.ts:1)\n    at two (file.ts:2)',
  });

  const lines = [quietSerializers.err(ours), quietSerializers.err(other)];
  const { cause } = quietSerializers.err(new Error('another secret', { cause: ours }));

  expect(lines[0]).toMatchObject({ type: 'AgentError', message: 'overloaded: Too much.' });
  expect(cause).toMatchObject({ type: 'AgentError', message: 'not shown', code: 'overloaded' });
  expect(lines[1]).toEqual({
    type: 'TypeError',
    message: 'not shown',
    stack: '    at one (file.ts:1)\n    at two (file.ts:2)',
  });
  expect(quietSerializers.err({ name: 'Bare', message: 'x' }).stack).toBe('');
});

test('an error whose causes go round in a circle is logged with the first five', () => {
  const error = new Error('one');
  error.cause = new TypeError('two', { cause: error });

  const { type, cause } = quietSerializers.err(error);

  expect([type, cause?.type, cause?.cause?.type]).toEqual(['Error', 'TypeError', 'Error']);
  expect(cause?.cause?.cause?.cause?.cause?.cause).toBe(undefined);
});
