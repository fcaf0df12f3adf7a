import { createHmac, randomUUID } from 'node:crypto';
import { Agent } from '@turnstream/core';
import { counted, equal, exercise, expected } from '@turnstream/learn/check';
import { background, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const SECRET = `whsec_${Buffer.from('the secret of the shop').toString('base64')}`;
const REPORT = 'Three orders, one of them returned.';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { onWebhook } = await load('onWebhook');
  const { client, requests } = await model(background(reply(REPORT), { looks: ['done'] }));
  const agent = new Agent({ client });
  const run = await agent.runInBackground('Report on my orders.');
  const runs = new Map<string, unknown>([[run.id, run.toJSON()]]);
  const mails: string[] = [];
  const shop = { agent, secret: SECRET, runs, mail: (text: string): void => void mails.push(text) };
  const failed = JSON.stringify({ type: 'response.failed', data: { id: run.id } });
  const completed = JSON.stringify({ type: 'response.completed', data: { id: run.id } });
  const foreign = JSON.stringify({ type: 'response.completed', data: { id: 'resp_of_another_shop' } });
  const proof = signed(completed);

  const forgeries = [
    await onWebhook(failed, {}, shop),
    await onWebhook(failed, { ...signed(completed), 'webhook-signature': 'v1,AAAA' }, shop),
    await onWebhook(failed, proof, shop),
  ];
  const mailed = mails[0] ?? null;
  expected('a webhook without a valid signature to change nothing', mailed === null, `it mailed "${mailed}"`);
  equal('the number of open runs after forged webhooks', runs.size, 1);
  equal('the statuses for three forged webhooks', forgeries, [400, 400, 400]);
  expected('no request for a forged webhook', requests.length === 1, `the service was polled for it`);

  const proven = [await onWebhook(completed, proof, shop), await onWebhook(foreign, signed(foreign), shop)];
  equal('the mails after a webhook of the service', mails, [REPORT]);
  proven.push(await onWebhook(completed, proof, shop), await onWebhook(completed, proof, shop));
  expected(
    'one mail, however often the webhook arrives',
    mails.length === 1,
    `there were ${counted(mails.length, 'mail')}`,
  );
  equal('the statuses for webhooks of the service', proven, [204, 204, 204, 204]);
});

/** The headers with which the service signs this body. */
function signed(body: string): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
