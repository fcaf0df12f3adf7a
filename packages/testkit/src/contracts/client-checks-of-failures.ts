// What every ChatClient does when no complete answer arrives: it rejects with a code and closes the connection at once.
import { expect } from 'vitest';
import { errorFrame, malformedFrame, resetAfter, stallAfter, truncateAfter } from '../script/faults.ts';
import { dropConnection, httpError, rawReply, reply } from '../script/reply.ts';
import { askFor, type ClientChecks } from './client-check.ts';

const statusCodes = [
  [400, 'bad_request'],
  [401, 'auth'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [429, 'rate_limited'],
  [500, 'server_error'],
] as const;

/** A client must give up on a silent model at once, so this only bounds how long a failing check takes. */
const silent = reply(['A lang', 'uage.'], { fault: stallAfter({ chunks: 1 }) });

export const checksOfFailures: ClientChecks = {
  async 'rejects with stream_truncated when the end mark is missing'(open) {
    const points = [{ bytes: 0 }, { chunks: 0 }, { chunks: 1 }, { chunks: 2 }] as const;
    const steps = points.map((point) => reply(['A lang', 'uage.'], { fault: truncateAfter(point) }));
    await using it = await open(...steps);

    for (const _ of points) expect(await it.failureOf(it.collect())).toMatchObject(agentError('stream_truncated'));
  },

  async 'rejects with stream_truncated when the connection breaks'(open) {
    await using it = await open(reply(['A lang', 'uage.'], { fault: resetAfter({ chunks: 1 }) }));

    expect(await it.failureOf(it.collect())).toMatchObject(agentError('stream_truncated'));
  },

  async 'rejects a whole answer that is cut short'(open) {
    const cut = reply('A language.', { fault: truncateAfter({ bytes: 40 }) });
    const broken = reply('A language.', { fault: resetAfter({ bytes: 40 }) });
    await using it = await open(cut, broken);

    for (const _ of [cut, broken]) {
      const code = expect.stringMatching(/^stream_(?:truncated|malformed)$/);
      expect(await it.failureOf(it.collect({ stream: false }))).toMatchObject({ ...agentError(), code });
    }
  },

  async 'rejects with the signal’s own reason and closes the connection while the model is silent'(open) {
    await using it = await open(silent);
    const caller = new AbortController();
    const reason = new Error('the caller has had enough');
    const iterator = it.client.send(askFor({ signal: caller.signal }))[Symbol.asyncIterator]();
    await it.untilText(iterator);

    const pending = iterator.next();
    caller.abort(reason);

    expect(await it.failureOf(pending)).toBe(reason);
    expect(await it.leftEarly(it.model.requests[0])).toBe(true);
  },

  async 'aborts a call whose answer has not begun'(open) {
    await using it = await open(httpError(500, { delayMs: 60_000 }));
    const caller = new AbortController();
    const reason = new Error('the caller has had enough');

    const failure = it.failureOf(it.collect({ signal: caller.signal }));
    await it.called();
    caller.abort(reason);

    expect(await failure).toBe(reason);
    expect(await it.leftEarly(it.model.requests[0])).toBe(true);
  },

  async 'sends nothing when the signal is already aborted'(open) {
    await using it = await open();
    const reason = new Error('too late');

    expect(await it.failureOf(it.collect({ signal: AbortSignal.abort(reason) }))).toBe(reason);

    expect(it.model.requests).toHaveLength(0);
  },

  async 'closes the connection on return(), between two updates'(open) {
    const chunks = Array.from({ length: 200 }, (_, index) => `word ${index} `);
    await using it = await open(reply(chunks, { chunkDelayMs: 5, fault: stallAfter({ chunks: 200 }) }));
    const iterator = it.client.send(askFor())[Symbol.asyncIterator]();
    await it.untilText(iterator);

    await it.closeEarly(iterator);

    expect(await it.leftEarly(it.model.requests[0])).toBe(true);
    expect(it.model.requests[0]?.bytesAfterLeaving).toBe(0);
  },

  async 'closes the connection on return() while a pull waits for a silent model'(open) {
    await using it = await open(silent);
    const iterator = it.client.send(askFor())[Symbol.asyncIterator]();
    await it.untilText(iterator);

    const pull = iterator.next().catch(() => {});
    await it.closeEarly(iterator);

    await it.inTime(pull, 'the waiting pull to settle');
    expect(await it.leftEarly(it.model.requests[0])).toBe(true);
  },

  async 'maps the status of the service to an error code'(open) {
    await using it = await open(...statusCodes.map(([status]) => httpError(status)));

    for (const [status, code] of statusCodes) {
      expect(await it.failureOf(it.collect())).toMatchObject({ ...agentError(code), status });
    }
  },

  async 'reports how long the service asks it to wait'(open) {
    await using it = await open(httpError(429, { headers: { 'retry-after': '2' } }));

    expect(await it.failureOf(it.collect())).toMatchObject({ ...agentError('rate_limited'), retryAfterMs: 2000 });
  },

  async 'rejects with what the service reports inside an answer of status 200'(open) {
    const fault = errorFrame({ chunks: 1 }, { code: 'contract_failure', message: 'broken on purpose' });
    await using it = await open(reply(['A lang', 'uage.'], { fault }), reply('A language.', { fault }));

    for (const stream of [true, false]) {
      expect(await it.failureOf(it.collect({ stream }))).toMatchObject({
        ...agentError(),
        serviceCode: 'contract_failure',
      });
    }
  },

  async 'rejects with stream_malformed when a frame is not JSON'(open) {
    await using it = await open(reply(['A lang', 'uage.'], { fault: malformedFrame({ chunks: 1 }) }));

    expect(await it.failureOf(it.collect())).toMatchObject(agentError('stream_malformed'));
  },

  async 'rejects with not_a_stream when the answer is an HTML page'(open) {
    const page = rawReply({ headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' });
    await using it = await open(page);

    expect(await it.failureOf(it.collect())).toMatchObject(agentError('not_a_stream'));
  },

  async 'rejects with connection_failed when nothing is listening'(open) {
    await using it = await open(dropConnection());

    expect(await it.failureOf(it.collect())).toMatchObject(agentError('connection_failed'));
  },
};

function agentError(code?: string): Record<string, unknown> {
  return { name: 'AgentError', ...(code === undefined ? {} : { code }) };
}
