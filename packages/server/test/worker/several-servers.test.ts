// Runs outlive the server that took them on: by its database, which the next one opens, or another one shares.
import { randomBytes } from 'node:crypto';
import { background, reply, TestClock } from '@turnstream/testkit';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { type Frame, frames, framesOf, memoryStore, openRig, type Rig } from '../app-rig.ts';
import { backEnds, hasPostgres } from '../back-ends.ts';
import { receive } from '../callback/receiver.ts';
import { openPostgresRig } from '../store/postgres-rig.ts';

const words = ['Alpha ', 'beta ', 'gamma ', 'delta.'];
const text = words.join('');

for (const { name, isThere, tags, open } of backEnds) {
  test.skipIf(!isThere)(
    `${name}: a run that was under way goes on when the server starts again`,
    { tags },
    async () => {
      const clock = new TestClock();
      await using databases = await open();
      await using rig = await openRig({
        store: databases.store,
        steps: [background(reply(words, { chunkDelayMs: 150 }), { clock })],
      });
      const { runId, sessionId } = await (await rig.post('/runs', { message: 'Report' })).json();
      const seen = await framesUntil(await rig.get(`/runs/${runId}/events`), 'update');
      await rig.app.close();

      await using again = await openRig({ store: await databases.reopen(), agent: { client: rig.client } });
      const headers = { 'last-event-id': seen.at(-1)!.id! };
      const reading = framesOf(await again.get(`/runs/${runId}/events`, { headers }));
      clock.advance(450);
      const rest = await reading;

      expect(rest[0]).toMatchObject({ event: 'session', data: { mode: 'append' } });
      expect(textOf([...seen, ...rest])).toBe(text);
      expect(ids([...seen, ...rest.slice(1)])).toEqual(
        [...seen, ...rest.slice(1)].map((_, index) => `${runId}:${index + 1}`),
      );
      expect((await (await again.get(`/sessions/${sessionId}`)).json()).messages).toHaveLength(2);
      expect(starts(rig)).toBe(1);
    },
  );
}

test.skipIf(!hasPostgres)(
  'Postgres: a run of one server is polled, followed and cancelled through another',
  { tags: ['postgres'] },
  async () => {
    await using databases = await openPostgresRig();
    await using first = await openRig({
      store: databases.store,
      steps: [background(reply(words)), background(reply(words, { chunkDelayMs: 60_000 }))],
    });
    await using second = await openRig({ store: await databases.reopen(), agent: { client: first.client } });

    const { runId } = await (await first.post('/runs', { message: 'One' })).json();
    const followed = await framesOf(await second.get(`/runs/${runId}/events`));
    const polled = await (await second.get(`/runs/${runId}`)).json();
    const other = await (await first.post('/runs', { message: 'Two' })).json();
    await expect.poll(async () => (await (await second.get(`/runs/${other.runId}`)).json()).state).toBe('in_progress');
    await second.post(`/runs/${other.runId}/cancel`);
    const cancelled = await framesOf(await first.get(`/runs/${other.runId}/events`));

    expect(textOf(followed)).toBe(text);
    expect(polled).toMatchObject({ state: 'completed', text });
    expect(cancelled.at(-1)).toMatchObject({ event: 'done', data: { status: 'cancelled' } });
    expect(first.model.requests.filter(({ path }) => path.endsWith('/cancel'))).toHaveLength(1);
  },
);

test('the end of a run is sent to its callback, signed, without the answer', async () => {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  await using receiver = await receive();
  await using rig = await openRig({
    callbacks: { secret, allowLoopback: true },
    steps: [background(reply(words))],
  });

  const { runId } = await (await rig.post('/runs', { message: 'Report', callbackUrl: receiver.url })).json();

  await expect.poll(() => receiver.requests.length).toBe(1);
  const { headers, body } = receiver.requests[0]!;
  expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
    type: 'run.completed',
    data: { runId, state: 'completed' },
  });
  expect(body).not.toContain('Alpha');
});

test('a server without callbacks leaves them to a server that sends them', async () => {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  await using receiver = await receive();
  const store = memoryStore();
  await using without = await openRig({ store, steps: [background(reply(words))] });
  const asked = { owner: 'local', sessionId: null, message: 'Report', key: null, maxOpen: 9, maxSessions: 9 };
  const { run } = await store.runs.create({ ...asked, callbackUrl: receiver.url });
  await framesOf(await without.get(`/runs/${run.runId}/events`));
  await without.app.close();

  await using _with = await openRig({ store, callbacks: { secret, allowLoopback: true } });

  await expect.poll(() => receiver.requests.length).toBe(1);
  expect(JSON.parse(receiver.requests[0]!.body)).toMatchObject({ type: 'run.completed', data: { runId: run.runId } });
});

async function framesUntil(response: Response, last: string): Promise<readonly Frame[]> {
  const seen: Frame[] = [];
  for await (const frame of frames(response)) {
    seen.push(frame);
    if (frame.event === last) break;
  }
  return seen;
}

function textOf(all: readonly Frame[]): string {
  return all.flatMap(({ event, data }) => (event === 'update' ? [data['text']] : [])).join('');
}

function ids(all: readonly Frame[]): readonly (string | undefined)[] {
  return all.map(({ id }) => id);
}

/** How many responses the service was asked to begin. */
function starts({ model }: Rig): number {
  return model.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/responses')).length;
}
