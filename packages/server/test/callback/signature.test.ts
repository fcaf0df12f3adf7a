// The signature of a callback, as Standard Webhooks says: who can verify it, and the secret it is made with.
import { Webhook } from 'standardwebhooks';
import { afterEach, expect, test, vi } from 'vitest';
import { callbackSigner } from '../../src/callback/signer.ts';
import { type Receiver, receive } from './receiver.ts';
import { secret, send, sentAt } from './try.ts';

afterEach(() => void vi.useRealTimers());

function webhookHeaders({ headers }: Receiver['requests'][number]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('webhook-'))) as Record<
    string,
    string
  >;
}

test('the receiver verifies it with the library of Standard Webhooks', async () => {
  await using receiver = await receive();

  await send(receiver);

  const [request] = receiver.requests;
  const verified = new Webhook(secret).verify(request!.body, webhookHeaders(request!));
  expect(verified).toMatchObject({ type: 'run.completed', data: { runId: 'run_1' } });
});

test.each<[string, (body: string) => string, number]>([
  ['another body', (body) => body.replace('run_1', 'run_2'), 0],
  ['a body with another blank', (body) => `${body} `, 0],
  ['one that is over five minutes old', (body) => body, 301],
])('the receiver does not take %s', async (_, change, seconds) => {
  vi.useFakeTimers({ now: sentAt, toFake: ['Date'] });
  await using receiver = await receive();
  await send(receiver);
  const [request] = receiver.requests;

  vi.setSystemTime(sentAt + seconds * 1000);
  const verifying = (): unknown => new Webhook(secret).verify(change(request!.body), webhookHeaders(request!));

  expect(verifying).toThrow(seconds === 0 ? 'No matching signature found' : 'Message timestamp too old');
});

test('every try has the same id and body, and its own time and signature', async () => {
  vi.useFakeTimers({ now: sentAt, toFake: ['Date'] });
  await using receiver = await receive((response) => response.writeHead(500).end());

  await send(receiver);
  vi.setSystemTime(sentAt + 5_000);
  await send(receiver);

  const [first, second] = receiver.requests;
  expect(second!.body).toBe(first!.body);
  expect([first, second].map((request) => request!.headers['webhook-id'])).toEqual(['msg_run_1', 'msg_run_1']);
  expect([first, second].map((request) => request!.headers['webhook-timestamp'])).toEqual(['1763000000', '1763000005']);
  expect(second!.headers['webhook-signature']).not.toBe(first!.headers['webhook-signature']);
  expect(() => new Webhook(secret).verify(second!.body, webhookHeaders(second!))).not.toThrow();
});

test.each([
  ['nothing', ''],
  ['another prefix', secret.replace('whsec_', 'sk_')],
  ['no prefix', secret.slice('whsec_'.length)],
  ['23 bytes', `whsec_${Buffer.alloc(23, 7).toString('base64')}`],
  ['65 bytes', `whsec_${Buffer.alloc(65, 7).toString('base64')}`],
  ['letters that are not base64', `whsec_${'!'.repeat(40)}`],
  ['base64 with a blank', `${secret} `],
  ['base64url', `whsec_${Buffer.alloc(24, 255).toString('base64url')}`],
])('a secret of %s is config_invalid, and not told', (_, malformed) => {
  const making = (): unknown => callbackSigner(malformed);

  expect(making).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message: 'The secret for callbacks is malformed. It must be "whsec_" and the base64 of 24 to 64 random bytes.',
    }),
  );
});

test.each([24, 64])('a secret of %i bytes is taken', (bytes) => {
  const random = `whsec_${Buffer.alloc(bytes, 9).toString('base64')}`;

  const signature = callbackSigner(random).sign('msg_run_1', new Date(sentAt), '{}');

  expect(signature).toBe(new Webhook(random).sign('msg_run_1', new Date(sentAt), '{}'));
});
