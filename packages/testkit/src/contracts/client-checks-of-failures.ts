// What every ChatClient does when there is no whole answer: it says so by code, and it lets go of the connection at once.
import { expect } from 'vitest';
import { errorFrame, malformedFrame, resetAfter, stallAfter, truncateAfter } from '../script/faults.ts';
import { dropConnection, httpError, rawReply, reply } from '../script/reply.ts';
import {
  askFor,
  type ClientChecks,
  called,
  closeEarly,
  collect,
  failureOf,
  inTime,
  leftEarly,
  rig,
  untilText,
} from './client-check.ts';

const statusCodes = [
  [400, 'bad_request'],
  [401, 'auth'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [429, 'rate_limited'],
  [500, 'server_error'],
] as const;

/** What a client may do before it gives up on a silent model: nothing, so the check only needs time to fail. */
const silent = reply(['A lang', 'uage.'], { fault: stallAfter({ chunks: 1 }) });

export const checksOfFailures: ClientChecks = {
  async 'rejects with stream_truncated when the end mark is missing'(makeClient) {
    const points = [{ bytes: 0 }, { chunks: 0 }, { chunks: 1 }, { chunks: 2 }] as const;
    const steps = points.map((point) => reply(['A lang', 'uage.'], { fault: truncateAfter(point) }));
    await using it = await rig(makeClient, ...steps);

    for (const _ of points) expect(await failureOf(collect(it.client))).toMatchObject(agentError('stream_truncated'));
  },

  async 'rejects with stream_truncated when the connection breaks'(makeClient) {
    await using it = await rig(makeClient, reply(['A lang', 'uage.'], { fault: resetAfter({ chunks: 1 }) }));

    expect(await failureOf(collect(it.client))).toMatchObject(agentError('stream_truncated'));
  },

  async 'rejects a whole answer that is cut short'(makeClient) {
    const cut = reply('A language.', { fault: truncateAfter({ bytes: 40 }) });
    const broken = reply('A language.', { fault: resetAfter({ bytes: 40 }) });
    await using it = await rig(makeClient, cut, broken);

    for (const _ of [cut, broken]) {
      const code = expect.stringMatching(/^stream_(?:truncated|malformed)$/);
      expect(await failureOf(collect(it.client, { stream: false }))).toMatchObject({ ...agentError(), code });
    }
  },

  async 'rejects with the signal’s own reason and closes the connection while the model is silent'(makeClient) {
    await using it = await rig(makeClient, silent);
    const caller = new AbortController();
    const reason = new Error('the caller has had enough');
    const iterator = it.client.send(askFor({ signal: caller.signal }))[Symbol.asyncIterator]();
    await untilText(iterator);

    const pending = iterator.next();
    caller.abort(reason);

    expect(await failureOf(pending)).toBe(reason);
    expect(await leftEarly(it.model.requests[0])).toBe(true);
  },

  async 'aborts a call whose answer has not begun'(makeClient) {
    await using it = await rig(makeClient, httpError(500, { delayMs: 60_000 }));
    const caller = new AbortController();
    const reason = new Error('the caller has had enough');

    const failure = failureOf(collect(it.client, { signal: caller.signal }));
    await called(it.model);
    caller.abort(reason);

    expect(await failure).toBe(reason);
    expect(await leftEarly(it.model.requests[0])).toBe(true);
  },

  async 'sends nothing when the signal is aborted already'(makeClient) {
    await using it = await rig(makeClient);
    const reason = new Error('too late');

    expect(await failureOf(collect(it.client, { signal: AbortSignal.abort(reason) }))).toBe(reason);

    expect(it.model.requests).toHaveLength(0);
  },

  async 'closes the connection on return(), between two updates'(makeClient) {
    const chunks = Array.from({ length: 200 }, (_, index) => `word ${index} `);
    await using it = await rig(makeClient, reply(chunks, { chunkDelayMs: 5 }));
    const iterator = it.client.send(askFor())[Symbol.asyncIterator]();
    await untilText(iterator);

    await closeEarly(iterator);

    expect(await leftEarly(it.model.requests[0])).toBe(true);
    expect(it.model.requests[0]?.bytesAfterLeaving).toBe(0);
  },

  async 'closes the connection on return(), while a pull waits for a silent model'(makeClient) {
    await using it = await rig(makeClient, silent);
    const iterator = it.client.send(askFor())[Symbol.asyncIterator]();
    await untilText(iterator);

    const settled = Promise.allSettled([inTime(iterator.next(), 'the waiting pull to settle')]);
    await closeEarly(iterator);

    await settled;
    expect(await leftEarly(it.model.requests[0])).toBe(true);
  },

  async 'turns the status of the service into a code'(makeClient) {
    await using it = await rig(makeClient, ...statusCodes.map(([status]) => httpError(status)));

    for (const [status, code] of statusCodes) {
      expect(await failureOf(collect(it.client))).toMatchObject({ ...agentError(code), status });
    }
  },

  async 'says how long the service wants to be left alone'(makeClient) {
    await using it = await rig(makeClient, httpError(429, { headers: { 'retry-after': '2' } }));

    expect(await failureOf(collect(it.client))).toMatchObject({ ...agentError('rate_limited'), retryAfterMs: 2000 });
  },

  async 'rejects with what the service reports inside an answer of status 200'(makeClient) {
    const fault = errorFrame({ chunks: 1 }, { code: 'contract_failure', message: 'broken on purpose' });
    await using it = await rig(makeClient, reply(['A lang', 'uage.'], { fault }), reply('A language.', { fault }));

    for (const stream of [true, false]) {
      expect(await failureOf(collect(it.client, { stream }))).toMatchObject({
        ...agentError(),
        serviceCode: 'contract_failure',
      });
    }
  },

  async 'rejects with stream_malformed when a frame is not JSON'(makeClient) {
    await using it = await rig(makeClient, reply(['A lang', 'uage.'], { fault: malformedFrame({ chunks: 1 }) }));

    expect(await failureOf(collect(it.client))).toMatchObject(agentError('stream_malformed'));
  },

  async 'rejects with not_a_stream when a page of HTML answers'(makeClient) {
    const page = rawReply({ headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' });
    await using it = await rig(makeClient, page);

    expect(await failureOf(collect(it.client))).toMatchObject(agentError('not_a_stream'));
  },

  async 'rejects with connection_failed when nobody answers'(makeClient) {
    await using it = await rig(makeClient, dropConnection());

    expect(await failureOf(collect(it.client))).toMatchObject(agentError('connection_failed'));
  },
};

function agentError(code?: string): Record<string, unknown> {
  return { name: 'AgentError', ...(code === undefined ? {} : { code }) };
}
