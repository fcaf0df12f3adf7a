// The contract of a ChatClient, tested both ways: a client that keeps it passes, and each broken promise is found.
import { expect, test } from 'vitest';
import { chatClientChecks } from '../../src/contracts/chat-client.ts';
import { runClientCheck } from '../../src/contracts/client-check.ts';
import { checksOfServiceHistory } from '../../src/contracts/client-checks-of-service-history.ts';
import { within } from '../../src/contracts/deadline.ts';
import { chatClientContract } from '../../src/contracts/index.ts';
import { expectFound, impatientOf } from './impatient.ts';
import { type Mutant, oneApiClient } from './one-api-client.ts';
import { type ServiceMutant, serviceHistoryClient } from './service-history-client.ts';

chatClientContract('the smallest client that keeps the contract', (target) => oneApiClient(target));

chatClientContract('a client with an exception that is stated', (target) => oneApiClient(target, 'drops the id'), {
  exceptions: { 'reports the response id': 'it has none' },
});

test('an exception to a check that does not exist is an error', () => {
  const exceptions = { 'reports the weather': 'it cannot' };

  expect(() => chatClientContract('a client', oneApiClient, { exceptions })).toThrow(
    'There is no check "reports the weather".',
  );
});

const closing = 'the connection to the model to be closed';

const foundBy: readonly (readonly [Mutant, sentence: string, never?: string])[] = [
  ['sends before the first pull', 'sends nothing before the first pull'],
  ['joins all text into one update', 'streams one update with text per chunk, every field present'],
  ['trims each chunk', 'streams one update with text per chunk, every field present'],
  ['drops blank chunks', 'streams one update with text per chunk, every field present'],
  ['leaves fields out', 'streams one update with text per chunk, every field present'],
  ['always streams', 'asks for a whole answer when the request is not streaming'],
  ['decodes each chunk on its own', 'yields the same text however the bytes are cut'],
  ['drops the usage', 'passes on the usage as the service counted it, streamed or not'],
  ['invents usage', 'leaves the usage unknown when the service reports none'],
  ['always says stop', 'reports why the model stopped: stop, length, content_filter'],
  ['drops refusals', 'yields a refusal as its own kind of content, streamed or not'],
  ['drops the id', 'reports the response id'],
  ['drops the instructions', 'sends the instructions separately from the conversation, and the messages in order'],
  ['sends instructions twice', 'sends the instructions separately from the conversation, and the messages in order'],
  ['forgets the history', 'sends the instructions separately from the conversation, and the messages in order'],
  ['fails on unknown events', 'ignores events it does not know'],
  [
    'waits for the end of the connection',
    'ends at the end mark even if the connection stays open, and then closes it',
    'the answer to end',
  ],
  ['keeps a conversation nobody asked for', 'leaves the history to the caller when no conversation is given'],
  ['drops tool calls', 'yields a tool call in fragments joined by its id, streamed or not'],
  ['drops text next to calls', 'yields the text and the calls of one answer, streamed or not'],
  ['joins fragments by arrival', 'joins the interleaved fragments of parallel calls'],
  ['takes no arguments with the name', 'yields a call whose arguments came in one piece instead of fragments'],
  ['leaves missing ids empty', 'generates an id for each call that has none, the same for all of its fragments'],
  ['joins fragments by place alone', 'tells calls apart by their ids when every index is 0 or missing'],
  ['passes over late names', 'accepts a call whose name comes after its arguments'],
  ['completes the arguments', 'passes on arguments unchanged, even when the length limit cut them'],
  ['takes any end for the end', 'rejects with stream_truncated when a stream ends in the middle of a call'],
  ['offers no tools', 'offers the tools with the tool choice of the request'],
  ['leaves the choice to the model', 'offers the tools with the tool choice of the request'],
  ['forgets the text of calls', 'sends calls back with the text of their message, then the results in call order'],
  ['sends results in reverse', 'sends calls back with the text of their message, then the results in call order'],
  ['asks for no shape', 'asks for the output shape of the request'],
  ['takes any end for the end', 'rejects with stream_truncated when the end mark is missing'],
  ['lets network errors out as they are', 'rejects with stream_truncated when the connection breaks'],
  ['lets network errors out as they are', 'rejects with connection_failed when nothing is listening'],
  ['passes over malformed frames', 'rejects a whole answer that is cut short'],
  ['passes over malformed frames', 'rejects with stream_malformed when a frame is not JSON'],
  ['ends quietly on abort', 'rejects with the signal’s own reason and closes the connection while the model is silent'],
  ['throws its own error on abort', 'aborts a call whose answer has not begun'],
  [
    'ignores the signal',
    'rejects with the signal’s own reason and closes the connection while the model is silent',
    'the failure',
  ],
  ['ignores the signal', 'aborts a call whose answer has not begun', 'the answer to end'],
  ['sends although aborted', 'sends nothing when the signal is already aborted'],
  ['does not close on return()', 'closes the connection on return(), between two updates', closing],
  [
    'does not close on return()',
    'closes the connection on return() while a pull waits for a silent model',
    'the waiting pull to settle',
  ],
  [
    'waits for the model before it closes',
    'closes the connection on return() while a pull waits for a silent model',
    'return() to settle',
  ],
  ['ignores the status', 'maps the status of the service to an error code'],
  ['ignores retry-after', 'reports how long the service asks it to wait'],
  ['ignores errors in an answer', 'rejects with what the service reports inside an answer of status 200'],
  ['reads any content type', 'rejects with not_a_stream when the answer is an HTML page'],
];

test.for(foundBy)('a client that %s is found by: %s', async ([mutant, sentence, never = null]) => {
  const check = chatClientChecks[sentence]!;

  const run = runClientCheck(check, (target) => oneApiClient(target, mutant), impatientOf(never));

  await expectFound(run, never);
});

test('every sentence of the contract finds some broken client', () => {
  const sentences = new Set(foundBy.map(([, sentence]) => sentence));

  expect([...sentences].toSorted()).toEqual(Object.keys(chatClientChecks).toSorted());
});

const serviceMutants: readonly ServiceMutant[] = [
  'returns no id',
  'does not send the id',
  'replays what the service knows',
];
const [[sentence, check] = []] = Object.entries(checksOfServiceHistory);

test(`a client that keeps its history at the service ${sentence}`, async () => {
  const run = runClientCheck(check!, (target) => serviceHistoryClient(target), within(50_000));

  await expect(run).resolves.toBeUndefined();
});

test.for(serviceMutants)('a client that %s does not', async (mutant) => {
  const run = runClientCheck(check!, (target) => serviceHistoryClient(target, mutant), impatientOf(null));

  await expectFound(run, null);
});
