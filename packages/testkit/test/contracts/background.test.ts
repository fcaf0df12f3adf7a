// The contract of a BackgroundClient, tested both ways: a client that keeps it passes, and each broken promise is
// found.
import { expect, test } from 'vitest';
import { backgroundChecks } from '../../src/contracts/background.ts';
import { runClientCheck } from '../../src/contracts/client-check.ts';
import { within } from '../../src/contracts/deadline.ts';
import { backgroundContract } from '../../src/contracts/index.ts';
import { expectFound, impatientOf } from './impatient.ts';
import { oneApiClient } from './one-api-client.ts';
import { type BackgroundMutant, oneBackgroundClient } from './one-background-client.ts';

backgroundContract('the smallest client that keeps the contract', (target) => oneBackgroundClient(target));

const closing = 'the connection to the model to be closed';

const foundBy: readonly (readonly [BackgroundMutant, sentence: string, never?: string])[] = [
  ['asks for no storage', 'starts a response that the service stores, and holds no connection'],
  ['opens a stream with every start', 'starts a response that the service stores, and holds no connection'],
  ['gives no answer', 'polls a response, and returns the answer once it is complete'],
  ['gives no calls', 'returns the tool calls of a response'],
  ['forgets why it failed', 'reports why a response failed'],
  ['gives nothing of what is incomplete', 'returns the partial answer of an incomplete response, and the reason'],
  ['fails on what is gone', 'reports a response that the service does not know as expired, not as an error'],
  ['fails on what is gone', 'reports a response that the service no longer has as expired'],
  ['ignores retry-after', 'reports how long the service asks it to wait'],
  ['calls every error an internal one', 'rejects with a code when the service refuses to start, or a poll fails'],
  ['only looks when it should cancel', 'cancels a response that is open'],
  ['fails when it cancels too late', 'reports the outcome of a response that ended before it was cancelled'],
  ['streams from the first event on', 'asks the service only for the events after a number'],
  [
    'takes a stream without events for a cut one',
    'streams events in ascending order, either all of them or those after a number',
  ],
  ['passes repeats on', 'drops duplicate events'],
  [
    'takes any end for the end',
    'rejects with stream_truncated when the events break off, and resumes after the last one',
  ],
  ['waits for completed and nothing else', 'ends the stream when the response ends, however it ends'],
  ['lets go of no stream', 'closes the stream when the reader leaves, without cancelling the response', closing],
  [
    'ignores the signal',
    'rejects with the signal’s own reason and closes the stream while the model is silent',
    'the failure',
  ],
];

test.for(foundBy)('a client that %s is found by: %s', async ([mutant, sentence, never = null]) => {
  const check = backgroundChecks[sentence]!;

  const run = runClientCheck(check, (target) => oneBackgroundClient(target, mutant), impatientOf(never));

  await expectFound(run, never);
});

test('every sentence of the contract finds some broken client', () => {
  const sentences = new Set(foundBy.map(([, sentence]) => sentence));

  expect([...sentences].toSorted()).toEqual(Object.keys(backgroundChecks).toSorted());
});

test('a client without `background` fails with an error that says so', async () => {
  const [check] = Object.values(backgroundChecks);

  const run = runClientCheck(check!, (target) => oneApiClient(target), within(50_000));

  await expect(run).rejects.toThrow('the client has no `background`');
});
