// Secrets in texts and errors are masked, and nothing else is.
import { expect, test } from 'vitest';
import { capped, redactorFor, safeCause } from '../../src/seams.ts';

test.each([
  ['the key', 'key canary-1 is bad', 'key [redacted] is bad'],
  ['the key, each time', 'canary-1 or canary-1', '[redacted] or [redacted]'],
  ['the key of an admin', 'admin-22', '[redacted]'],
  ['the secret of a webhook', 'whsec-333', '[redacted]'],
  ['a key of somebody else', 'sk-proj-12345678 is bad', '[redacted] is bad'],
  ['a token in a header', 'authorization: Bearer abc.def-123', 'authorization: [redacted]'],
])('%s is masked', (_, text, masked) => {
  const redact = redactorFor({ apiKey: 'canary-1', adminAPIKey: 'admin-22', webhookSecret: 'whsec-333' });

  expect(redact(text)).toBe(masked);
});

test.each([
  ['a key that is missing', { apiKey: null }],
  ['a key that is left out', {}],
  ['a key that is empty', { apiKey: '' }],
  ['a placeholder of a local server', { apiKey: 'x' }],
  ['a placeholder of three letters', { apiKey: 'the' }],
])('%s garbles no message', (_, secrets) => {
  const text = 'In the next example, null and undefined are sk-short.';

  expect(redactorFor(secrets)(text)).toBe(text);
});

test('a key of four letters is masked', () => {
  expect(redactorFor({ apiKey: 'abcd' })('abcd is bad')).toBe('[redacted] is bad');
});

test('a key that was renewed is masked as it is now', () => {
  const secrets = { apiKey: 'first-key' };
  const redact = redactorFor(secrets);

  secrets.apiKey = 'second-key';

  expect(redact('first-key, second-key')).toBe('first-key, [redacted]');
});

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['abcd', 1, '…'],
  ['abcd', 0, '…'],
])('%j cut to %i characters is %j', (text, length, cut) => {
  expect(capped(text, length)).toBe(cut);
});

test('a cause keeps what a log needs: class, message, code, frames and its own cause', () => {
  class SocketError extends Error {}
  const inner = Object.assign(new SocketError('socket of canary-1'), { code: 'E_canary-1' });
  const error = new TypeError('fetch failed', { cause: inner });

  const copy = safeCause(error, redactorFor({ apiKey: 'canary-1' })) as Error & { cause: Error & { code: string } };

  expect([copy.name, copy.message]).toEqual(['TypeError', 'fetch failed']);
  expect([copy.cause.name, copy.cause.message, copy.cause.code]).toEqual([
    'SocketError',
    'socket of [redacted]',
    'E_[redacted]',
  ]);
  expect(copy.cause.stack?.split('\n').slice(0, 2)).toEqual([
    'SocketError: socket of [redacted]',
    expect.stringContaining('redaction.test.ts'),
  ]);
  expect([Object.keys(copy), Object.keys(copy.cause)]).toEqual([[], []]);
});

test('a cause that is a text is masked and cut, and what is neither text nor error is left out', () => {
  const redact = redactorFor({ apiKey: 'canary-1' });

  expect(safeCause('no canary-1', redact)).toBe('no [redacted]');
  expect(safeCause('x'.repeat(500), redact)).toHaveLength(400);
  expect(safeCause({ key: 'canary-1' }, redact)).toBeUndefined();
});

test('causes of causes are kept five deep', () => {
  let error = new Error('0');
  for (let depth = 1; depth < 9; depth += 1) error = new Error(`${depth}`, { cause: error });

  const messages: string[] = [];
  for (let copy = safeCause(error, (text) => text); copy instanceof Error; copy = copy.cause)
    messages.push(copy.message);

  expect(messages).toEqual(['8', '7', '6', '5', '4', '3']);
});
